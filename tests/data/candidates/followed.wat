;; A pointer walks over packed notes, and the highest byte of each chooses an
;; element of a table, before which and behind which are words of their own.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\00\04\00\00\30\00\00\00")
  (data $notes "\00\00\28\30\00\00\28\37\00\00\28\3c\00\00\28\3f\00\00\28\43\00\00\28\3a\00\00\28\35\00\00\28\33\00\00\28\48\00\00\28\46\00\00\28\41\00\00\28\3e")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 8))
    (memory.init $notes (i32.const 1024) (i32.const 0) (i32.const 48)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer") (local i32)
    (block
      (loop
        (br_if 1 (i32.ge_s (local.get 0) (i32.const 128)))
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (i32.store (i32.const 2300)
          (i32.sub (i32.load (i32.const 2300)) (i32.const 1)))
        (if (i32.eqz (i32.load (i32.const 2300)))
          (then
            (i32.store (i32.const 20)
              (i32.shr_u (i32.load (i32.load (i32.const 16)))
                (i32.const 24)))
            (i32.store (i32.const 2300) (i32.const 32))
            (i32.store (i32.const 16)
              (i32.add (i32.load (i32.const 16)) (i32.const 4)))
            (if (i32.gt_s (i32.load (i32.const 16)) (i32.const 1068))
              (then (i32.store (i32.const 16) (i32.const 1024))))))
        (f32.store (i32.const 1984)
          (f32.load
            (i32.add (i32.const 2048)
              (i32.mul
                (i32.sub (i32.load (i32.const 20)) (i32.const 48))
                (i32.const 4)))))
        (br 0)))))
