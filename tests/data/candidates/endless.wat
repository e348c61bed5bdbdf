;; A block that never ends.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\00\00\00\00\00\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 8)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer") (local $k i32)
    (local.set $k
      (i32.add
        (i32.const 1024)
        (i32.mul (i32.load (i32.const 16)) (i32.const 4))))
    (if
      (i32.le_u (local.get $k) (i32.const 65532))
      (then (i32.store (local.get $k) (i32.const 9999))))
    (i32.store
      (i32.const 16)
      (i32.add (i32.load (i32.const 16)) (i32.const 1)))
    (loop $l (br $l))))
