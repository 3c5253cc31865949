# Computes the golden figures of the statistics with R: Rscript tests/golden/reference.R (from the repository's root).
# Packages survey and psych (Debian: r-cran-survey, r-cran-psych); nothing of them is kept here, only what they computed.
suppressPackageStartupMessages({ library(survey); library(psych) })
here <- "tests/golden"
town <- read.csv(file.path(here, "data/town.csv"), stringsAsFactors = FALSE)
software <- sprintf("R %s; survey %s; psych %s", getRversion(), packageVersion("survey"), packageVersion("psych"))

# ---- JSON: named lists are objects, vectors of one element are scalars, NA and NaN are null
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ", "), "]"))
    return(paste0("{", paste0('"', names(x), '": ', parts, collapse = ", "), "}"))
  }
  if (is.matrix(x)) return(json(lapply(seq_len(nrow(x)), function(i) as.list(unname(x[i, ])))))
  words <- if (is.character(x)) ifelse(is.na(x), "null", paste0('"', gsub('"', '\\\\"', x), '"'))
    else if (is.logical(x)) ifelse(is.na(x), "null", ifelse(x, "true", "false"))
    else ifelse(is.finite(x), formatC(x, digits = 15, format = "g", width = 1), "null")
  if (length(x) == 1 && is.null(names(x))) return(words)
  paste0("[", paste(words, collapse = ", "), "]")
}
# What is always a list, also with one element.
vec <- function(x) lapply(unname(x), identity)

designs <- list(
  strata = list(weights = "weight", strata = "district"),
  blocks = list(ids = list("block"), strata = "district", fpc = "blocks", weights = "weight"),
  plain = list(weights = "weight")
)
D <- list(
  strata = svydesign(~1, strata = ~district, weights = ~weight, data = town),
  blocks = svydesign(~block, strata = ~district, fpc = ~blocks, weights = ~weight, data = town),
  plain = svydesign(~1, weights = ~weight, data = town)
)
cases <- list()
add <- function(id, statistic, expected, args, design = NULL, rtol = 1e-7, data = "town", call = "")
  cases[[length(cases) + 1]] <<- c(
    list(id = id, statistic = statistic, data = data), if (!is.null(design)) list(design = design),
    list(args = args, call = call, rtol = rtol, expected = expected))
write <- function(topic) {
  text <- json(list(schema = "statref/1", software = software, designs = designs))
  body <- paste0("  ", vapply(cases, json, ""), collapse = ",\n")
  writeLines(sub("}$", paste0(', "cases": [\n', gsub("\\\\", "\\\\\\\\", body), "\n]}"), text), file.path(here, paste0(topic, ".json")))
  cases <<- list()
}
bounds <- function(s, d) { i <- confint(s, df = degf(d)); list(ci_low = vec(i[, 1]), ci_high = vec(i[, 2])) }
several <- function(s, d, extra = list())
  c(list(names = vec(names(coef(s))), estimate = vec(coef(s)), se = vec(SE(s))), bounds(s, d), list(df = degf(d)), extra)

# ---- estimates
for (name in names(D)) {
  d <- D[[name]]
  full <- name != "plain"
  m <- svymean(~minutes + visits, d, na.rm = TRUE, deff = full)
  extra <- if (full) list(deff = vec(deff(m)), vcov = unname(vcov(m))) else list(vcov = unname(vcov(m)))
  add(paste0(name, "-mean"), "mean", several(m, d, extra),
      list(variables = list("minutes", "visits"), level = 0.95), name, call = "svymean(~minutes+visits, D, na.rm=TRUE, deff=TRUE)")
  m <- svytotal(~visits, d)
  add(paste0(name, "-total"), "total", several(m, d), list(variables = list("visits"), level = 0.95), name, call = "svytotal(~visits, D)")
  m <- svymean(~age, d)
  add(paste0(name, "-frequency"), "proportions of a categorical", several(m, d), list(variable = "age", level = 0.95), name,
      call = "svymean(~age, D)")
  m <- svytotal(~factor(satisfied), d, na.rm = TRUE)
  add(paste0(name, "-counts"), "weighted counts of a categorical", several(m, d), list(variable = "satisfied"), name,
      call = "svytotal(~factor(satisfied), D, na.rm=TRUE)")
  b <- svyby(~minutes, ~district, d, svymean, na.rm = TRUE)
  i <- confint(b, df = degf(d))
  add(paste0(name, "-by"), "subgroup mean (domain estimate)",
      list(group = vec(b$district), estimate = vec(coef(b)), se = vec(SE(b)), ci_low = vec(i[, 1]), ci_high = vec(i[, 2]), df = degf(d)),
      list(variable = "minutes", by = "district", level = 0.95), name, call = "svyby(~minutes, ~district, D, svymean, na.rm=TRUE)")
  r <- svyratio(~solved, ~visits, d)
  add(paste0(name, "-ratio"), "ratio", list(estimate = as.numeric(coef(r)), se = as.numeric(SE(r))),
      list(numerator = "solved", denominator = "visits"), name, call = "svyratio(~solved, ~visits, D)")
  v <- svyvar(~minutes, d, na.rm = TRUE)
  add(paste0(name, "-variance"), "population variance",
      list(estimate = as.numeric(coef(v)), se = as.numeric(SE(v)), sd = sqrt(as.numeric(coef(v)))), list(variable = "minutes"), name,
      call = "svyvar(~minutes, D, na.rm=TRUE)")
  s <- subset(d, visits >= 4)
  m <- svymean(~minutes, s, na.rm = TRUE)
  add(paste0(name, "-subset"), "domain mean (subset keeps the whole design)", several(m, s),
      list(variable = "minutes", where = "visits >= 4", note = "df = degf of the subset"), name,
      call = "svymean(~minutes, subset(D, visits>=4), na.rm=TRUE)")
  t <- svyttest(minutes ~ gender, d)
  half <- qt(0.975, t$parameter) * abs(t$estimate / t$statistic)
  add(paste0(name, "-ttest"), "two-sample design-based t test",
      list(statistic = unname(t$statistic), p_value = as.numeric(t$p.value), df = vec(t$parameter), difference = unname(t$estimate),
           ci = vec(c(t$estimate - half, t$estimate + half))),
      list(variable = "minutes", by = "gender"), name, call = "svyttest(minutes~gender, D)")
  m <- svymean(~I(satisfied >= 4), d, na.rm = TRUE)
  add(paste0(name, "-top2"), "top-2-box", list(estimate = unname(coef(m)[2]), se = unname(SE(m)[2])),
      list(variable = "satisfied", scale = as.list(1:5), top = 2), name, call = "svymean(~I(satisfied>=4), D, na.rm=TRUE)")
  m <- svycontrast(svymean(~satisfied + earlier, d, na.rm = TRUE), c(1, -1))
  add(paste0(name, "-change"), "change between two waves, same respondents", list(estimate = as.numeric(coef(m)), se = as.numeric(SE(m))),
      list(variables = list("satisfied", "earlier")), name, call = "svycontrast(svymean(~satisfied+earlier, D, na.rm=TRUE), c(1,-1))")
}
write("estimates")

# ---- intervals of a proportion, an event nobody reports included
for (name in names(D)) for (method in c("logit", "beta", "likelihood", "asin", "mean", "xlogit")) {
  d <- D[[name]]
  i <- svyciprop(~I(parks == "Yes"), d, method = method)
  add(paste(name, method, sep = "-"), "proportion CI",
      list(estimate = as.numeric(i), ci_low = unname(confint(i)[1]), ci_high = unname(confint(i)[2]), df = degf(d)),
      list(event = "parks == Yes", method = method, level = 0.95), name, if (method == "likelihood") 1e-4 else 1e-6,
      call = sprintf("svyciprop(~I(parks=='Yes'), D, method='%s')", method))
}
write("proportion_ci")

# ---- quantiles
p <- c(0.1, 0.25, 0.5, 0.75, 0.9)
for (rule in c("math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")) {
  q <- svyquantile(~minutes, D$plain, p, qrule = rule, na.rm = TRUE, ci = FALSE)
  add(paste0("plain-", rule), "quantiles", list(quantiles = vec(as.numeric(coef(q)))),
      list(variable = "minutes", p = as.list(p), rule = rule), "plain", call = sprintf("svyquantile(~minutes, D, p, qrule='%s', na.rm=TRUE)", rule))
}
for (name in names(D)) for (interval in c("mean", "beta", "xlogit")) {
  q <- svyquantile(~minutes, D[[name]], c(0.25, 0.5, 0.75), qrule = "math", interval.type = interval, na.rm = TRUE, ci = TRUE)
  i <- q[[1]]
  add(paste(name, "ci", interval, sep = "-"), "quantiles with Woodruff-type CI",
      list(quantiles = vec(i[, 1]), ci_low = vec(i[, 2]), ci_high = vec(i[, 3]), se = vec(i[, 4])),
      list(variable = "minutes", p = list(0.25, 0.5, 0.75), interval = interval, rule = "math", level = 0.95), name,
      call = sprintf("svyquantile(~minutes, D, p, interval.type='%s', qrule='math', na.rm=TRUE)", interval))
}
write("quantiles")

# ---- independence; the library has an empty cell in the villages
for (name in names(D)) for (pair in list(c("parks", "district"), c("library", "district"), c("satisfied", "age")))
  for (statistic in c("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")) {
    if (statistic %in% c("Wald", "adjWald") && name == "blocks" && pair[1] == "satisfied") next # more contrasts than df leave room for
    d <- D[[name]] # its n counts people without an answer too, as the package does
    t <- suppressWarnings(svychisq(as.formula(paste0("~", pair[1], "+", pair[2])), d, statistic = statistic))
    cells <- svytable(as.formula(paste0("~", pair[1], "+", pair[2])), d)
    if (!is.finite(t$p.value)) next
    add(paste(name, pair[1], pair[2], statistic, sep = "-"), "design-based test of independence",
        c(list(statistic = unname(t$statistic)), if (t$p.value > 1e-12) list(p_value = as.numeric(t$p.value)),
          list(table = unname(unclass(cells) + 0), rows = vec(rownames(cells)), cols = vec(colnames(cells)))),
        list(row = pair[1], col = pair[2], statistic = statistic, missing = "rows with either value missing are excluded"), name, 1e-6,
        call = sprintf("svychisq(~%s+%s, D, statistic='%s')", pair[1], pair[2], statistic))
  }
write("chisq")

# ---- ranks
for (name in names(D)) {
  d <- subset(D[[name]], !is.na(satisfied))
  for (test in c("wilcoxon", "vanderWaerden", "median")) {
    t <- svyranktest(satisfied ~ gender, d, test = test)
    add(paste(name, test, sep = "-"), "design-based two-sample rank test",
        list(statistic = as.numeric(t$statistic), p_value = as.numeric(t$p.value), df = vec(t$parameter)),
        list(variable = "satisfied", by = "gender", test = test), name, 1e-6, call = sprintf("svyranktest(satisfied~gender, D, test='%s')", test))
  }
}
write("ranktests")

# ---- weighting, with the standard errors that follow
margins <- list(gender = list(man = 9800, woman = 10400), age = list(`18-29` = 4100, `30-44` = 5600, `45-64` = 6300, `65+` = 4200))
frame <- function(name) { x <- data.frame(names(margins[[name]]), unlist(margins[[name]])); names(x) <- c(name, "Freq"); x }
weighed <- function(d) {
  w <- unname(weights(d)); m <- svymean(~solved, d)
  list(weights = vec(w), sum = sum(w), min = min(w), max = max(w), kish_deff = length(w) * sum(w^2) / sum(w)^2, n_eff = sum(w)^2 / sum(w^2),
       mean = list(names = list("solved"), estimate = vec(coef(m)), se = vec(as.numeric(SE(m)))))
}
plain <- svydesign(~1, weights = ~weight, data = town)
whole <- list(weights = "weight", ids = NULL)
add("poststratify", "post-stratification", weighed(postStratify(plain, ~age, frame("age"))), list(margins = margins["age"]), whole,
    call = "postStratify(D, ~age, pop)")
raked <- rake(plain, list(~gender, ~age), list(frame("gender"), frame("age")), control = list(maxit = 200, epsilon = 1e-11))
add("rake", "raking (IPF)", weighed(raked), list(margins = margins), whole, call = "rake(D, list(~gender,~age), pop, control=list(maxit=200,epsilon=1e-11))")
cross <- expand.grid(gender = c("man", "woman"), age = names(margins$age), stringsAsFactors = FALSE)
cross$Freq <- c(2000, 2100, 2700, 2900, 3100, 3200, 1900, 2300)
add("cells", "cell weighting (post-stratification on a cross of two variables)", weighed(postStratify(plain, ~gender + age, cross)),
    list(cells = lapply(seq_len(nrow(cross)), function(i) as.list(cross[i, ]))), whole, call = "postStratify(D, ~gender+age, pop)")
population <- c(`(Intercept)` = 20200, genderwoman = 10400, visits = 52000)
for (way in list(list("linear", "linear", NULL), list("raking", "raking", NULL), list("logit", "logit", c(0.3, 3)), list("truncated linear", "linear", c(0.85, 1.3)))) {
  limits <- if (is.null(way[[3]])) c(-Inf, Inf) else way[[3]]
  d <- calibrate(plain, ~gender + visits, population, calfun = way[[2]], bounds = limits, maxit = 200, epsilon = 1e-12)
  add(paste0("calibrate-", gsub(" ", "-", way[[1]])), paste("calibration,", way[[1]]), weighed(d),
      list(population = as.list(population), bounds = if (is.null(way[[3]])) NULL else as.list(way[[3]])), whole, rtol = 1e-6,
      call = sprintf("calibrate(D, ~gender+visits, pop, calfun='%s')", way[[2]]))
}
write("weighting")

# ---- one question with several answers
Y <- as.matrix(town[, c("parks", "buses", "library")] == "Yes") + 0
for (name in names(D)) {
  d <- update(D[[name]], y1 = Y[, 1], y2 = Y[, 2], y3 = Y[, 3], ticks = rowSums(Y), any = rowSums(Y) > 0)
  s <- function(f, of = d) { m <- svymean(f, of); list(100 * unname(coef(m)), 100 * unname(as.numeric(SE(m)))) }
  all <- lapply(list(~y1, ~y2, ~y3), s); some <- lapply(list(~y1, ~y2, ~y3), s, of = subset(d, any))
  of <- lapply(list(~y1, ~y2, ~y3), function(f) { r <- svyratio(f, ~ticks, d); list(100 * as.numeric(coef(r)), 100 * as.numeric(SE(r))) })
  first <- function(x) lapply(x, `[[`, 1); second <- function(x) lapply(x, `[[`, 2)
  add(paste0(name, "-set"), "multiple-response set",
      list(options = list("parks", "buses", "library"), weighted_count = vec(coef(svytotal(~y1 + y2 + y3, d))), pct_of_all_cases = first(all),
           pct_of_all_cases_se = second(all), pct_of_cases_with_any = first(some), pct_of_cases_with_any_se = second(some),
           pct_of_responses = first(of), pct_of_responses_se = second(of), mean_responses = unname(coef(svymean(~ticks, d)))),
      list(options = list("parks", "buses", "library"), selected = "Yes"), name, call = "svymean, svyratio(item, row total)")
}
write("multiple_response")

# ---- reliability
items <- c(paste0("clean", 1:5), "unclear")
X <- town[, items]; whole <- na.omit(X); whole$unclear <- 8 - whole$unclear
X$unclear <- 8 - X$unclear
a <- suppressWarnings(alpha(as.data.frame(whole), check.keys = FALSE)); b <- suppressWarnings(alpha(as.data.frame(X), check.keys = FALSE))
n <- nrow(whole); k <- length(items); value <- a$total$raw_alpha
ci <- 1 - (1 - value) * qf(c(0.975, 0.025), n - 1, (n - 1) * (k - 1))
one <- factanal(whole, 1, control = list(nstart = 20)); l <- as.numeric(one$loadings); u <- one$uniquenesses
add("clean", "Cronbach alpha, McDonald omega",
    list(n_total = nrow(X), n_complete = n, alpha_pairwise_raw = b$total$raw_alpha, alpha_complete_raw = value, alpha_complete_std = a$total$std.alpha,
         guttman_lambda6 = a$total[["G6(smc)"]], mean_r = a$total$average_r, feldt_ci_95 = vec(ci), alpha_if_dropped = vec(a$alpha.drop$raw_alpha),
         item_total_corrected = vec(a$item.stats$r.drop), items = as.list(items), reversed = list("unclear"),
         omega_total_1factor_ml_correlation = sum(l)^2 / (sum(l)^2 + sum(u))),
    list(items = as.list(items), reverse = list("unclear"), scale = list(1, 7)), rtol = 1e-5, call = "psych::alpha; Feldt 1965 F interval; factanal(1)")
cases[[1]]$atol <- 1e-5
write("reliability")
cat("written by", software, "\n")
