;; Two words that follow a table in halves: nothing says where they end, and
;; each step is half of the one before.
(module
  (import "host" "memory" (memory 1 1))
  (data $d
    "\00\00\00\00\00\00\00\00\00\00\00\00\25\00\00\00\5a\00\00\00\35\00\00\00\0b\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 28)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer")
    (i32.store
      (i32.const 24)
      (i32.and
        (i32.add (i32.load (i32.const 24)) (i32.const 1))
        (i32.const 3)))
    (i32.store
      (i32.const 20)
      (i32.div_s
        (i32.add
          (i32.load (i32.const 20))
          (i32.load offset=28
            (i32.mul (i32.load (i32.const 24)) (i32.const 4))))
        (i32.const 2)))
    (i32.store
      (i32.const 16)
      (i32.div_s
        (i32.add (i32.load (i32.const 16)) (i32.load (i32.const 20)))
        (i32.const 2)))
    (f32.store offset=1024
      (i32.mul (i32.load (i32.const 16)) (i32.const 4))
      (f32.const 1))))
