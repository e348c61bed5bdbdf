;; A block that traps most of the time.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\00\04\00\00\00\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 8)))
  (func (export "note") (param i32 i32)
    (i32.store (i32.const 20) (i32.and (local.get 1) (i32.const 31))))
  (func (export "main"))
  (func (export "buffer")
    (i32.store
      (i32.const 20)
      (i32.add (i32.load (i32.const 20)) (i32.const 1)))
    (if
      (i32.ge_s (i32.load (i32.const 20)) (i32.const 9))
      (then (unreachable)))
    (i32.store (i32.load (i32.const 16)) (i32.const 99999))
    (i32.store
      (i32.const 16)
      (i32.add (i32.load (i32.const 16)) (i32.const 4)))
    (if
      (i32.gt_s (i32.load (i32.const 16)) (i32.const 2000))
      (then (i32.store (i32.const 16) (i32.const 1024))))))
