(module
  (import "host" "memory" (memory 1 1))
  (func $helper (result i32) i32.const 1)
  (func $main (export "main")
    (drop (call $helper))
    (v128.store (i32.const 0) (i32x4.splat (i32.const 1)))))
