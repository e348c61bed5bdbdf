;; Indices by shifts of a variable number and unsigned quotients.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\01\00\00\00\00\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 8)))
  (func (export "note") (param i32 i32)
    (i32.store (i32.const 20) (local.get 1)))
  (func (export "main"))
  (func (export "buffer")
    (i32.store
      (i32.const 16)
      (i32.add
        (i32.const 1013904223)
        (i32.mul (i32.load (i32.const 16)) (i32.const 1664525))))
    (f32.store offset=1024
      (i32.mul
        (i32.shl
          (i32.const 1)
          (i32.and (i32.load (i32.const 20)) (i32.const 7)))
        (i32.const 4))
      (f32.const 1))
    (f32.store offset=2048
      (i32.mul
        (i32.shr_u
          (i32.and (i32.load (i32.const 16)) (i32.const 255))
          (i32.and (i32.load (i32.const 20)) (i32.const 7)))
        (i32.const 4))
      (f32.const 1))
    (f32.store offset=4096
      (i32.mul
        (i32.div_u (i32.load (i32.const 16)) (i32.const 67108864))
        (i32.const 4))
      (f32.const 1))
    (f32.store offset=8192
      (i32.mul
        (i32.rem_u
          (i32.and (i32.load (i32.const 16)) (i32.const -4))
          (i32.const 60))
        (i32.const 4))
      (f32.const 1))
    (f32.store offset=16384
      (i32.mul
        (i32.shr_u
          (i32.load (i32.const 16))
          (i32.add
            (i32.const 20)
            (i32.and (i32.load (i32.const 20)) (i32.const 7))))
        (i32.const 4))
      (f32.const 1))))
