(module
  (import "host" "memory" (memory 1 1))
  (table (import "host" "table") 4 funcref)
  (func (export "main")))
