(module (import "host" "f" (func)) (memory 1) (func (export "main")))
