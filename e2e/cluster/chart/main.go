// SPDX-License-Identifier: Apache-2.0

// `helm template NAME CHART [--namespace N] [--values FILE]`, by Helm's own engine: what the test of the chart needs of
// Helm, in a fraction of the whole's time to build.
package main

import (
	"fmt"
	"log"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

func main() {
	namespace := pflag.String("namespace", "default", "namespace of the release")
	values := pflag.String("values", "", "file with values")
	pflag.Parse()
	if pflag.NArg() != 3 || pflag.Arg(0) != "template" {
		log.Fatal("usage: helm template NAME CHART [--namespace N] [--values FILE]")
	}
	if err := template(pflag.Arg(1), pflag.Arg(2), *namespace, *values); err != nil {
		log.Fatal(err)
	}
}

func template(name, folder, namespace, valuesFile string) error {
	chart, err := loader.Load(folder)
	if err != nil {
		return err
	}
	given := chartutil.Values{}
	if valuesFile != "" {
		if given, err = chartutil.ReadValuesFile(valuesFile); err != nil {
			return err
		}
	}
	release := chartutil.ReleaseOptions{Name: name, Namespace: namespace, Revision: 1, IsInstall: true}
	values, err := chartutil.ToRenderValues(chart, given, release, chartutil.DefaultCapabilities)
	if err != nil {
		return err
	}
	rendered, err := engine.Render(chart, values)
	if err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(rendered)) {
		if strings.HasPrefix(path.Base(file), "_") || path.Ext(file) != ".yaml" || strings.TrimSpace(rendered[file]) == "" {
			continue
		}
		if _, err := fmt.Fprintf(os.Stdout, "---\n# Source: %s\n%s\n", file, rendered[file]); err != nil {
			return err
		}
	}
	return nil
}
