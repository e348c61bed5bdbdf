(module
  (import "host" "me\1b[31mmory" (memory 1 1))
  (import "a'b\"c" "\n*/\00x" (func))
  (func $f (export "§ §") (export "a b") (export "7") (export "\"'\\") (export "")
    (export "a very long name that goes on and on for more than the eighty bytes that messages have room for")))
