;; A table of pointers (32) that the code fills.
(module
  (import "host" "memory" (memory 1 1))
  (data $d
    "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\04\00\00\04\04\00\00\08\04\00\00\0c\04\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 32)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer")
    (f32.store
      (i32.load offset=32 (i32.mul (i32.load (i32.const 20)) (i32.const 4)))
      (f32.const 1))
    (i32.store
      (i32.const 20)
      (i32.and
        (i32.add (i32.load (i32.const 20)) (i32.const 1))
        (i32.const 3)))
    (i32.store offset=32
      (i32.mul (i32.load (i32.const 20)) (i32.const 4))
      (i32.add
        (i32.const 1024)
        (i32.mul
          (i32.and (i32.load (i32.const 24)) (i32.const 127))
          (i32.const 4))))
    (i32.store
      (i32.const 24)
      (i32.add (i32.load (i32.const 24)) (i32.const 1)))))
