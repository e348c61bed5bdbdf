;; A pointer that starts again at an end which note() moves.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\00\04\00\00\00\05\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 8)))
  (func (export "note") (param i32 i32)
    (i32.store
      (i32.const 20)
      (i32.add
        (i32.const 1280)
        (i32.mul (i32.and (local.get 1) (i32.const 15)) (i32.const 4)))))
  (func (export "main"))
  (func (export "buffer")
    (f32.store (i32.load (i32.const 16)) (f32.const 1))
    (i32.store
      (i32.const 16)
      (i32.add (i32.load (i32.const 16)) (i32.const 4)))
    (if
      (i32.ge_s (i32.load (i32.const 16)) (i32.load (i32.const 20)))
      (then (i32.store (i32.const 16) (i32.const 1024))))))
