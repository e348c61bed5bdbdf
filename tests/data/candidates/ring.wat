;; A ring whose length is a word (24), written at 16, read some words (20)
;; behind.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\00\00\00\00\10\00\00\00\40\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 12)))
  (func (export "note") (param i32 i32)
    (i32.store (i32.const 20) (i32.and (local.get 1) (i32.const 63))))
  (func (export "main"))
  (func (export "buffer") (local $k i32)
    (local.set $k
      (i32.sub (i32.load (i32.const 16)) (i32.load (i32.const 20))))
    (if
      (i32.lt_s (local.get $k) (i32.const 0))
      (then (local.set $k (i32.add (local.get $k) (i32.load (i32.const 24))))))
    (f32.store offset=1024
      (i32.mul (i32.load (i32.const 16)) (i32.const 4))
      (f32.load offset=1024 (i32.mul (local.get $k) (i32.const 4))))
    (i32.store
      (i32.const 16)
      (i32.add (i32.load (i32.const 16)) (i32.const 1)))
    (if
      (i32.ge_s (i32.load (i32.const 16)) (i32.load (i32.const 24)))
      (then (i32.store (i32.const 16) (i32.const 0))))))
