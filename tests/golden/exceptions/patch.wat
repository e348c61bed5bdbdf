(module
  (import "host" "memory" (memory 1 1))
  (tag $e)
  (func (export "main") (throw $e)))
