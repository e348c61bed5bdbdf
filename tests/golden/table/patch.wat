(module
  (import "host" "memory" (memory 1 1))
  (table 4 funcref)
  (func (export "main")))
