(module
  (import "host" "random" (func (result i32)))
  (import "host" "report.level" (func (param i32 f32)))
  (import "env" "pair" (func (param f64 i64) (result f32 i32)))
  (import "host" "random" (func (param i32) (result f64)))
  (import "host" "memory" (memory 1 1))
  (func (export "main")))
