(module
  (import "host" "memory" (memory 1 10 shared))
  (import "x" "g" (global i64))
  (table 1 funcref)
  (func $main (export "main")
    (drop (memory.grow (i32.const 1)))
    (drop (i32.atomic.load (i32.const 0)))
    (drop (i32.atomic.load (i32.const 4)))
    (drop (i32x4.splat (i32.const 1)))))
