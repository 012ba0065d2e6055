# Saves what an R session holds to the file @PATH@ and prints what became of each name as one line of JSON.
# The default for kernelspecs of R (docs/build/languages.md), with base R and jsonlite, which IRkernel brings. It is run without
# history but not silently: IRkernel 1.3.2 answers a silent request with "ok" whatever happens, and hands on nothing that it prints.
# Where the gateway is elsewhere, @URL@ is not empty: the file is sent there with the token @TOKEN@.
local({
  path <- "@PATH@"
  user <- globalenv()

  # Walks over an object as serialize() does, to nowhere, and tells whether it holds a pointer into this process.
  holds_pointer <- function(value) {
    # Definitions of classes hold pointers that R renews; of an object with fields, those count.
    if (inherits(value, c("classRepresentation", "refObjectGenerator", "data.table"))) return(FALSE)
    if (inherits(value, "envRefClass")) {
      fields <- names(value$getRefClass()$fields())
      return(any(vapply(fields, function(field) holds_pointer(value[[field]]), NA)))
    }
    found <- FALSE
    nowhere <- file("/dev/null", "wb")
    on.exit(close(nowhere))
    serialize(value, nowhere, refhook = function(reference) {
      if (typeof(reference) == "externalptr") found <<- TRUE
      NULL
    })
    found
  }

  entry <- function(name, value, reason) list(name = name, type = class(value)[[1]], reason = reason, cell = NULL)

  kept <- character(); partial <- list(); lost <- list(); active <- list()
  for (name in ls(user, all.names = TRUE, sorted = FALSE)) {
    if (bindingIsActive(as.name(name), user)) {
      if (exists("activeBindingFunction", baseenv())) {
        active[[name]] <- activeBindingFunction(as.name(name), user)
        kept <- c(kept, name)
      } else {
        lost[[length(lost) + 1]] <- list(name = name, type = "active binding", reason = "this R does not give its function", cell = NULL)
      }
      next
    }
    trouble <- tryCatch({ force(value <- get(name, user)); NULL }, error = conditionMessage)  # of a promise
    if (!is.null(trouble)) {
      lost[[length(lost) + 1]] <- list(name = name, type = "promise", reason = trouble, cell = NULL)
    } else if (inherits(value, "connection")) {
      lost[[length(lost) + 1]] <- entry(name, value, "a connection does not outlive its process")
    } else if (typeof(value) == "externalptr") {
      lost[[length(lost) + 1]] <- entry(name, value, "a pointer into the memory of its process")
    } else {
      pointer <- tryCatch(holds_pointer(value), error = function(trouble) trouble)
      if (inherits(pointer, "error")) {
        lost[[length(lost) + 1]] <- entry(name, value, conditionMessage(pointer))
      } else {
        kept <- c(kept, name)
        if (pointer) {
          partial[[length(partial) + 1]] <- entry(name, value, "holds a pointer into the memory of its process, which is nil by now")
        }
      }
    }
  }

  plain <- Filter(function(value) is.atomic(value) && !is.null(value), options())
  session <- list(
    format = "elastic-snapshot-r/1",
    packages = rev(sub("^package:", "", grep("^package:", search(), value = TRUE))),
    libraries = .libPaths(), directory = getwd(), options = plain, lost = lost, partial = partial
  )
  variables <- setdiff(kept, names(active))
  before <- Sys.umask("077")
  on.exit(Sys.umask(before))
  working <- paste0(path, ".tmp")
  target <- file(working, "wb")
  tryCatch({
    # Within one stream, environments that variables share stay shared.
    serialize(session, target)
    serialize(list(variables = mget(variables, envir = user), active = active), target)
  }, finally = close(target))
  if (!file.rename(working, path)) stop("cannot rename ", working)
  bytes <- file.size(path)
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
      bundle <- Sys.getenv("CURL_CA_BUNDLE", NA)
      Sys.setenv(CURL_CA_BUNDLE = trusted)
      on.exit({
        if (is.na(bundle)) Sys.unsetenv("CURL_CA_BUNDLE") else Sys.setenv(CURL_CA_BUNDLE = bundle)
        unlink(trusted)
      }, add = TRUE)
    }
    # With TLS, base R can get and nothing else; so the file goes in pieces, each in the headers of a GET.
    answer <- tempfile()
    sent <- file(path, "rb")
    on.exit({ close(sent); unlink(answer) }, add = TRUE)
    offset <- 0
    send <- function(...) {
      headers <- c(Authorization = "Bearer @TOKEN@", `Elastic-Offset` = format(offset, scientific = FALSE), ...)
      # What went wrong is in warnings, the last of which says most, and not in the error that follows them.
      told <- "no answer"
      tryCatch(
        withCallingHandlers(
          download.file(url, answer, quiet = TRUE, mode = "wb", method = "libcurl", headers = headers),
          warning = function(trouble) {
            told <<- conditionMessage(trouble)
            invokeRestart("muffleWarning")
          }
        ),
        error = function(trouble) stop("the gateway did not take it: ", told, call. = FALSE)
      )
    }
    while (length(piece <- readBin(sent, "raw", 196608L)) > 0) {
      send(`Elastic-Piece` = gsub("\n", "", jsonlite::base64_enc(piece), fixed = TRUE))
      offset <- offset + length(piece)
    }
    send(`Elastic-End` = "1")
  }
  told <- vapply(partial, function(each) each$name, "")
  report <- list(kept = I(setdiff(kept, told)), rebuilt = list(), partial = partial, lost = lost, bytes = bytes)
  cat(jsonlite::toJSON(list(status = "saved", report = report), auto_unbox = TRUE, null = "null"), "\n", sep = "")
  invisible(NULL)
})
