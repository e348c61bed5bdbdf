;; A patch whose output is the value of a slider, with something of all that the
;; page shows. page.json says what is where.
(module
  (memory (export "memory") 3)
  (data (i32.const 64) "\00\00\80\3e")        ;; panel:level 0.25
  (data (i32.const 72) "\0a\00\00\00")        ;; panel:hold 10
  (data (i32.const 76) "\00\00\80\3f")        ;; panel:dry 1
  (data (i32.const 92) "\40\00\00\00")        ;; scope:length 64
  (data (i32.const 96) "\00\01\00\00")        ;; scope:head, at scope:curve
  (data (i32.const 128) "\3c\00\00\00\40\00\00\00") ;; chord:keys 60 64
  (data (i32.const 160) "\02\00\00\00")       ;; chord:count 2
  (func (export "buffer")
    (local $i i32)
    (loop $frames
      (f32.store offset=512
        (i32.shl (local.get $i) (i32.const 2)) (f32.load (i32.const 64)))
      (br_if $frames (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (i32.const 128)))))
  ;; The last note, and how many are held.
  (func (export "onNote") (param $status i32) (param $note i32) (param $value i32)
    (i32.store (i32.const 104) (local.get $note))
    (i32.store (i32.const 108) (i32.add (i32.load (i32.const 108))
      (select (i32.const 1) (i32.const -1)
        (i32.eq (local.get $status) (i32.const 0x90)))))))
