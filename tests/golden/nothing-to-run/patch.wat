(module
  (import "host" "memory" (memory 1 1))
  (func $f (export "helper") (param i32)))
