;; A counter of rows that starts again at 64, beside a word that is compared
;; with many smaller numbers. It counts too slowly to be seen at its end.
(module
  (import "host" "memory" (memory 1 1))
  (data $d "\ff\ff\ff\ff\00\00\00\00\00\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 12)))
  (func (export "note") (param i32 i32)
    (i32.store (i32.const 24) (i32.and (local.get 1) (i32.const 63))))
  (func (export "main"))
  (func (export "buffer") (local $i i32) (local $k i32)
    (local.set $i (i32.const 0))
    (loop $l
      (i32.store
        (i32.const 20)
        (i32.add (i32.load (i32.const 20)) (i32.const 1)))
      (if
        (i32.ge_s (i32.load (i32.const 20)) (i32.const 900))
        (then
          (i32.store (i32.const 20) (i32.const 0))
          (i32.store
            (i32.const 16)
            (i32.add (i32.load (i32.const 16)) (i32.const 1)))
          (if
            (i32.eq (i32.load (i32.const 16)) (i32.const 64))
            (then (i32.store (i32.const 16) (i32.const 0))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 1))
            (then (i32.store (i32.const 24) (i32.const 2))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 3))
            (then (i32.store (i32.const 24) (i32.const 4))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 5))
            (then (i32.store (i32.const 24) (i32.const 6))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 7))
            (then (i32.store (i32.const 24) (i32.const 8))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 9))
            (then (i32.store (i32.const 24) (i32.const 10))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 11))
            (then (i32.store (i32.const 24) (i32.const 12))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 13))
            (then (i32.store (i32.const 24) (i32.const 14))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 15))
            (then (i32.store (i32.const 24) (i32.const 16))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 17))
            (then (i32.store (i32.const 24) (i32.const 18))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 19))
            (then (i32.store (i32.const 24) (i32.const 20))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 21))
            (then (i32.store (i32.const 24) (i32.const 22))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 23))
            (then (i32.store (i32.const 24) (i32.const 24))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 25))
            (then (i32.store (i32.const 24) (i32.const 26))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 27))
            (then (i32.store (i32.const 24) (i32.const 28))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 29))
            (then (i32.store (i32.const 24) (i32.const 30))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 31))
            (then (i32.store (i32.const 24) (i32.const 32))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 33))
            (then (i32.store (i32.const 24) (i32.const 34))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 35))
            (then (i32.store (i32.const 24) (i32.const 36))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 37))
            (then (i32.store (i32.const 24) (i32.const 38))))
          (if
            (i32.eq (i32.load (i32.const 24)) (i32.const 39))
            (then (i32.store (i32.const 24) (i32.const 40))))))
      (br_if $l
        (i32.lt_s
          (local.tee $i (i32.add (local.get $i) (i32.const 1)))
          (i32.const 128))))
    (local.set $k
      (i32.add
        (i32.const 1024)
        (i32.mul (i32.load (i32.const 16)) (i32.const 4))))
    (if
      (i32.le_u (local.get $k) (i32.const 65532))
      (then (i32.store (local.get $k) (i32.const 9999))))))
