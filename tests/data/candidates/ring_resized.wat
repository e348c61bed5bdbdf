;; An index into a ring whose length note() changes.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\00\00\00\00\10\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 8)))
  (func (export "note") (param i32 i32)
    (i32.store
      (i32.const 20)
      (i32.add (i32.const 1) (i32.and (local.get 1) (i32.const 63)))))
  (func (export "main"))
  (func (export "buffer")
    (i32.store
      (i32.const 16)
      (i32.rem_s
        (i32.add (i32.load (i32.const 16)) (i32.const 1))
        (i32.load (i32.const 20))))
    (f32.store offset=1024
      (i32.mul (i32.load (i32.const 16)) (i32.const 4))
      (f32.const 1))))
