# SPDX-License-Identifier: MIT
# "vector engine ns hash" lines → a table of the best ns, and ratios to ours.
{
    key = $1 SUBSEP $2
    if (!(key in best) || $3 < best[key]) best[key] = $3
    if (!($1 in seen)) { seen[$1] = 1; vectors[++n] = $1 }
    if (!($2 in known)) { known[$2] = 1; engines[++m] = $2 }
    if (!($1 in hash)) hash[$1] = $4
    else if (hash[$1] != $4) { differs[$1] = differs[$1] " " $2; bad = 1 }
}
END {
    printf "%-16s", "ns per block"
    for (j = 1; j <= m; j++) printf " %18s", engines[j]
    printf "\n"
    for (i = 1; i <= n; i++) {
        v = vectors[i]
        ours = best[v SUBSEP "ours"]
        printf "%-16s", v
        for (j = 1; j <= m; j++) {
            key = v SUBSEP engines[j]
            if (!(key in best)) { printf " %18s", "-"; continue }
            ratio = best[key] / ours
            printf " %10.0f (%.2fx)", best[key], ratio
            sum[j] += log(ratio)
            count[j]++
        }
        printf "%s\n", (v in differs) ? "  MEMORY DIFFERS:" differs[v] : ""
    }
    printf "%-16s", "geometric mean"
    for (j = 1; j <= m; j++) printf " %18s", sprintf("%.2fx", exp(sum[j] / count[j]))
    printf "\n"
    exit bad ? 1 : 0
}
