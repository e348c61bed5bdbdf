(module
  (import "host" "memory" (memory 1 1 shared))
  (func (export "main")
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (atomic.fence)))
