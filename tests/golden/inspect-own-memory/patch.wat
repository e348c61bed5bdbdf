(module
  (memory (export "memory") 2 4)
  (global $g (export "volume") (mut f32) (f32.const 1))
  (data (i32.const 8) "abc")
  (func $start) (start $start)
  (func $main (export "main") (param f32 i64) (result f64) (drop (memory.size)) (f64.const 0)))
