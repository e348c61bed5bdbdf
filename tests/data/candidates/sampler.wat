;; A table of samples: a row of the pattern (64) chooses the start (32) and the
;; end (48) of what the pointer at 16 plays until it is at the end (20).
(module
  (import "host" "memory" (memory 1 1))
  (data $d
    "\00\04\00\00\fc\04\00\00\00\00\00\00\00\00\00\00\00\04\00\00\00\05\00\00\00\06\00\00\00\07\00\00\fc\04\00\00\fc\05\00\00\fc\06\00\00\fc\07\00\00\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 112)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer") (local $i i32) (local $k i32)
    (local.set $i (i32.const 0))
    (loop $l
      (i32.store
        (i32.const 24)
        (i32.add (i32.load (i32.const 24)) (i32.const 1)))
      (if
        (i32.ge_s (i32.load (i32.const 24)) (i32.const 300))
        (then
          (i32.store (i32.const 24) (i32.const 0))
          (i32.store
            (i32.const 28)
            (i32.and
              (i32.add (i32.load (i32.const 28)) (i32.const 1))
              (i32.const 15)))
          (local.set $k
            (i32.load offset=64
              (i32.mul (i32.load (i32.const 28)) (i32.const 4))))
          (i32.store
            (i32.const 16)
            (i32.load offset=32 (i32.mul (local.get $k) (i32.const 4))))
          (i32.store
            (i32.const 20)
            (i32.load offset=48 (i32.mul (local.get $k) (i32.const 4))))))
      (if
        (i32.lt_s (i32.load (i32.const 16)) (i32.load (i32.const 20)))
        (then
          (f32.store offset=4096
            (i32.mul (local.get $i) (i32.const 4))
            (f32.load (i32.load (i32.const 16))))
          (i32.store
            (i32.const 16)
            (i32.add (i32.load (i32.const 16)) (i32.const 4)))))
      (br_if $l
        (i32.lt_s
          (local.tee $i (i32.add (local.get $i) (i32.const 1)))
          (i32.const 128))))))
