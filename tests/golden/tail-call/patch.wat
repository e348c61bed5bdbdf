(module
  (import "host" "memory" (memory 1 1))
  (func $f)
  (func (export "main") (return_call $f)))
