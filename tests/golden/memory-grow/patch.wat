(module
  (import "host" "memory" (memory 1 10))
  (func $grow_it (result i32) (memory.grow (i32.const 1)))
  (func (export "main") (drop (call $grow_it))))
