// SPDX-License-Identifier: Apache-2.0

// Holds NetworkPolicies, which the plugins that wire Pods only let the API server store: the one controller of
// kube-router that does, without the routing and balancing which would take minutes to build. Takes kube-router's flags.
package main

import (
	"context"
	"log"
	"os/signal"
	"sync"
	"syscall"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/spf13/pflag"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	settings := options.NewKubeRouterConfig()
	settings.AddFlags(pflag.CommandLine)
	pflag.Parse()
	stopped, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(stopped, settings); err != nil {
		log.Fatal(err)
	}
}

func run(stopped context.Context, settings *options.KubeRouterConfig) error {
	access, err := clientcmd.BuildConfigFromFlags(settings.Master, settings.Kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(access)
	if err != nil {
		return err
	}
	known := informers.NewSharedInformerFactory(client, 0)
	pods := known.Core().V1().Pods().Informer()
	namespaces := known.Core().V1().Namespaces().Informer()
	policies := known.Networking().V1().NetworkPolicies().Informer()
	tables, sets, err := netpol.NewIPTablesHandlers(settings)
	if err != nil {
		return err
	}
	controller, err := netpol.NewNetworkPolicyController(
		client, settings, pods, policies, namespaces, &sync.Mutex{}, tables, sets)
	if err != nil {
		return err
	}
	for informer, handler := range map[cache.SharedIndexInformer]cache.ResourceEventHandler{
		pods:       controller.PodEventHandler,
		namespaces: controller.NamespaceEventHandler,
		policies:   controller.NetworkPolicyEventHandler,
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	known.Start(stopped.Done())
	known.WaitForCacheSync(stopped.Done())

	heartbeats := make(chan *healthcheck.ControllerHeartbeat)
	go func() {
		for range heartbeats { // sent without a choice, and nobody asks whether it lives: its end ends the node
		}
	}()
	var running sync.WaitGroup
	running.Add(1)
	controller.Run(heartbeats, stopped.Done(), &running)
	running.Wait()
	return nil
}
