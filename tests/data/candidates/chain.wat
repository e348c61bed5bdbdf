;; A counter limited by a counter that is limited by a counter.
(module
  (import "host" "memory" (memory 1 1))
  (data $d
    "\00\00\00\00\00\00\00\00\00\00\00\00\03\00\00\00\06\00\00\00\09\00\00\00\28\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 28)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer") (local $k i32)
    (if
      (i32.lt_s (i32.load (i32.const 16)) (i32.load (i32.const 20)))
      (then
        (i32.store
          (i32.const 16)
          (i32.add (i32.load (i32.const 16)) (i32.const 1))))
      (else (i32.store (i32.const 16) (i32.const 0))))
    (if
      (i32.lt_s (i32.load (i32.const 20)) (i32.load (i32.const 24)))
      (then
        (i32.store
          (i32.const 20)
          (i32.add (i32.load (i32.const 20)) (i32.const 1))))
      (else (i32.store (i32.const 20) (i32.const 0))))
    (if
      (i32.lt_s
        (i32.load (i32.const 24))
        (i32.load offset=28
          (i32.mul
            (i32.and (i32.load (i32.const 24)) (i32.const 3))
            (i32.const 4))))
      (then
        (i32.store
          (i32.const 24)
          (i32.add (i32.load (i32.const 24)) (i32.const 1))))
      (else (i32.store (i32.const 24) (i32.const 0))))
    (local.set $k
      (i32.add
        (i32.const 1024)
        (i32.mul (i32.load (i32.const 16)) (i32.const 4))))
    (if
      (i32.le_u (local.get $k) (i32.const 65532))
      (then (i32.store (local.get $k) (i32.const 9999))))))
