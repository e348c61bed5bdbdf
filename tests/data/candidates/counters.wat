;; Four counters (32) with limits (48) in arrays: no number that is compared is
;; a limit.
(module
  (import "host" "memory" (memory 1 1))
  (data $d
    "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\25\00\00\00\5a\00\00\00\35\00\00\00\0b\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 48)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer") (local $i i32) (local $k i32) (local $c i32)
    (local.set $i (i32.const 0))
    (loop $l
      (local.set $k (i32.mul (local.get $i) (i32.const 4)))
      (local.set $c (i32.load offset=32 (local.get $k)))
      (f32.store offset=1024
        (i32.mul (local.get $c) (i32.const 4))
        (f32.const 1))
      (local.set $c (i32.add (local.get $c) (i32.const 1)))
      (if
        (i32.ge_s (local.get $c) (i32.load offset=48 (local.get $k)))
        (then (local.set $c (i32.const 0))))
      (i32.store offset=32 (local.get $k) (local.get $c))
      (br_if $l
        (i32.lt_s
          (local.tee $i (i32.add (local.get $i) (i32.const 1)))
          (i32.const 4))))))
