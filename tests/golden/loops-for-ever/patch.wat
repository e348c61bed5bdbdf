(module
  (import "host" "memory" (memory 1 1))
  (func $main (export "main") (loop $l (br $l))))
