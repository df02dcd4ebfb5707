using k8s;
using k8s.Models;

using MiniKube.Client.Informers;
using MiniKube.Proxy.Changes;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Tests;

/// <summary>Services and endpoint slices from YAML, through the trackers to a rule set.</summary>
internal static class ClusterState
{
    public const string Node = "node1";

    public static RuleSet Rules(string yaml, IPFamily family = IPFamily.IPv4)
    {
        var services = new ServiceChangeTracker(family);
        var slices = new EndpointSliceChangeTracker(family, Node);
        foreach (var obj in KubernetesYaml.LoadAllFromString(yaml))
        {
            switch (obj)
            {
                case V1Service service:
                    services.Apply(new ObjectChange<V1Service>(null, service));
                    break;
                case V1EndpointSlice slice:
                    slices.Apply(new ObjectChange<V1EndpointSlice>(null, slice));
                    break;
            }
        }

        return RuleBuilder.Build(family, services.Current(), slices.Current());
    }
}
