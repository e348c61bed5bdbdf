;; Four voices, each with a pointer (32), an end (48) and a start (64) in
;; arrays.
(module
  (import "host" "memory" (memory 1 1))
  (data $d
    "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\04\00\00\00\05\00\00\00\06\00\00\00\07\00\00\fc\04\00\00\fc\05\00\00\fc\06\00\00\fc\07\00\00\00\04\00\00\00\05\00\00\00\06\00\00\00\07\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 64)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer") (local $i i32) (local $k i32) (local $p i32)
    (local.set $i (i32.const 0))
    (loop $l
      (local.set $k (i32.mul (local.get $i) (i32.const 4)))
      (local.set $p (i32.load offset=32 (local.get $k)))
      (i32.store (local.get $p) (i32.const 99999))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (if
        (i32.gt_s (local.get $p) (i32.load offset=48 (local.get $k)))
        (then (local.set $p (i32.load offset=64 (local.get $k)))))
      (i32.store offset=32 (local.get $k) (local.get $p))
      (br_if $l
        (i32.lt_s
          (local.tee $i (i32.add (local.get $i) (i32.const 1)))
          (i32.const 4))))))
