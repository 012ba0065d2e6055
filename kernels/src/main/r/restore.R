# Restores what save.R has written to the file @PATH@ into a new R session, and prints what became of each name.
# The default for kernelspecs of R (docs/build/languages.md); how it is run is told in save.R.
local({
  path <- "@PATH@"
  url <- "@URL@"
  if (nzchar(url)) {
    on.exit(unlink(path), add = TRUE)
    certificate <- "@CERTIFICATE@"
    if (nzchar(certificate)) {
      # What libcurl inside R is to trust; whoever has another certificate, or another name, is sent nothing.
      trusted <- tempfile(fileext = ".pem")
      starts <- seq(1, nchar(certificate), 64)
      lines <- substring(certificate, starts, starts + 63)
      writeLines(c("-----BEGIN CERTIFICATE-----", lines, "-----END CERTIFICATE-----"), trusted)
      before <- Sys.getenv("CURL_CA_BUNDLE", NA)
      Sys.setenv(CURL_CA_BUNDLE = trusted)
      on.exit({
        if (is.na(before)) Sys.unsetenv("CURL_CA_BUNDLE") else Sys.setenv(CURL_CA_BUNDLE = before)
        unlink(trusted)
      }, add = TRUE)
    }
    # What went wrong is in warnings, the last of which says most, and not in the error that follows them.
    told <- "no answer"
    tryCatch(
      withCallingHandlers(
        download.file(url, path, quiet = TRUE, mode = "wb", method = "libcurl", headers = c(Authorization = "Bearer @TOKEN@")),
        warning = function(trouble) {
          told <<- conditionMessage(trouble)
          invokeRestart("muffleWarning")
        }
      ),
      error = function(trouble) stop("the gateway did not give it: ", told, call. = FALSE)
    )
  }
  user <- globalenv()
  source <- file(path, "rb")
  on.exit(close(source), add = TRUE)
  session <- unserialize(source)
  if (!identical(session$format, "elastic-snapshot-r/1")) stop("not a snapshot of an R session: ", path)
  partial <- session$partial
  tell <- function(name, type, reason) {
    partial[[length(partial) + 1]] <<- list(name = name, type = type, reason = reason, cell = NULL)
  }

  .libPaths(session$libraries)
  for (package in setdiff(session$packages, .packages())) {
    attached <- tryCatch({
      suppressPackageStartupMessages(library(package, character.only = TRUE))
      NULL
    }, error = function(trouble) conditionMessage(trouble))
    if (!is.null(attached)) tell(paste("package", package), "package", attached)
  }
  moved <- tryCatch({ setwd(session$directory); NULL }, error = function(trouble) conditionMessage(trouble))
  if (!is.null(moved)) tell("working directory", "character", moved)

  held <- unserialize(source)
  for (name in names(held$variables)) assign(name, held$variables[[name]], envir = user)
  for (name in names(held$active)) makeActiveBinding(as.name(name), held$active[[name]], user)
  # Classes and methods that the session defined are found through a cache.
  methods::cacheMetaData(user, TRUE)
  # After the packages, some of which set their own. What cannot be set is told, and costs nothing else.
  for (name in names(session$options)) {
    if (!identical(getOption(name), session$options[[name]])) {
      set <- tryCatch({ options(session$options[name]); NULL }, error = function(trouble) conditionMessage(trouble))
      if (!is.null(set)) tell(paste("option", name), "option", set)
    }
  }
  told <- vapply(session$partial, function(each) each$name, "")
  kept <- setdiff(c(names(held$variables), names(held$active)), told)
  report <- list(kept = I(kept), rebuilt = list(), partial = partial, lost = session$lost, bytes = file.size(path))
  cat(jsonlite::toJSON(list(status = "restored", report = report), auto_unbox = TRUE, null = "null"), "\n", sep = "")
  invisible(NULL)
})
