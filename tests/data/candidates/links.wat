;; A ring of nodes: each has a pointer to the next, and a word that the code
;; writes. Rows of two words: the columns must be kept apart.
(module
  (import "host" "memory" (memory 1 1))
  (data $d
    "\28\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\30\00\00\00\01\00\00\00\38\00\00\00\02\00\00\00\40\00\00\00\03\00\00\00\28\00\00\00\04\00\00\00")
  (func (export "initDefaults")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 16384))
    (memory.init $d (i32.const 16) (i32.const 0) (i32.const 56)))
  (func (export "note") (param i32 i32))
  (func (export "main"))
  (func (export "buffer")
    (i32.store (i32.const 16) (i32.load (i32.load (i32.const 16))))
    (i32.store offset=4 (i32.load (i32.const 16)) (i32.const 99999))))
