(module
  (import "host" "memory" (memory 1 1))
  (type $t (func (result i32)))
  (func $main (export "main") (drop (call_indirect (type $t) (i32.const 0))))
  (table 1 funcref)
  (elem (i32.const 1) $main))
