(module
  (import "host" "memory" (memory 1 1))
  (func $first)
  (func $main (export "main") (i32.store (i32.const 0) (f32.const 1))))
