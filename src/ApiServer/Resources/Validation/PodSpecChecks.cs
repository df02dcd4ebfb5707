using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The spec of a pod, be it of a pod or of a template (upstream's ValidatePodSpec).</summary>
internal static class PodSpecChecks
{
    /// <param name="spec">The spec.</param>
    /// <param name="podName">The name of a real pod, which names the claims of its ephemeral volumes; null for a template.</param>
    public static void Validate(Field spec, string? podName)
    {
        if (!spec["terminationGracePeriodSeconds"].IsSet)
        {
            spec["terminationGracePeriodSeconds"].Required();
        }

        var volumes = VolumeChecks.Validate(spec["volumes"], podName);
        var pod = new PodContext(
            volumes,
            PodResourceChecks.Claims(spec["resourceClaims"]),
            spec["terminationGracePeriodSeconds"].Number,
            spec["restartPolicy"].Text,
            HostUsers: spec["hostUsers"].Value.BooleanAt() != false);
        ContainersChecks.Validate(spec, pod);
        PodResourceChecks.OfPod(spec);
        Policies(spec, isPod: podName is not null);
        SecurityContextChecks.OfPod(spec["securityContext"], spec);
        AffinityChecks.Validate(spec["affinity"]);
        DnsChecks.Validate(spec["dnsConfig"], spec["dnsPolicy"].Text);
        Gates(spec);
        TopologySpreadChecks.Validate(spec["topologySpreadConstraints"]);
        OperatingSystemChecks.HostProcess(spec);
        HostUsers(spec);
        NamesOf(spec);
        OperatingSystemChecks.Validate(spec);
    }

    private static void Policies(Field spec, bool isPod)
    {
        if (spec["hostNetwork"].IsTrue)
        {
            HostPorts(spec["containers"], isPod);
        }

        spec["restartPolicy"].OneOf("Always", "OnFailure", "Never");
        spec["dnsPolicy"].OneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        spec["nodeSelector"].Labels();
    }

    /// <summary>Ports of the host itself: a pod's are the container's; a template may still leave them to the pod's defaults.</summary>
    private static void HostPorts(Field containers, bool isPod)
    {
        foreach (var port in containers.Items.SelectMany(container => container["ports"].Items))
        {
            var host = port["hostPort"].Number ?? 0;
            if ((isPod || host != 0) && host != (port["containerPort"].Number ?? 0))
            {
                port["hostPort"].InvalidValue(host, "must match `containerPort` when `hostNetwork` is true");
            }
        }
    }

    private static void Gates(Field spec)
    {
        foreach (var gate in spec["readinessGates"].Items)
        {
            gate["conditionType"].Name(Names.QualifiedName);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var gate in spec["schedulingGates"].Items)
        {
            var name = gate["name"].Text;
            gate.With(name).Name(Names.QualifiedName);
            if (!seen.Add(name))
            {
                gate.Duplicate(name);
            }
        }
    }

    private static void HostUsers(Field spec)
    {
        if (spec["hostUsers"].Value.BooleanAt() == false)
        {
            foreach (var (field, shown) in (ReadOnlySpan<(string, string)>)[("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")])
            {
                if (spec[field].IsTrue)
                {
                    spec[shown].Forbidden("when `hostUsers` is false");
                }
            }
        }
    }

    private static void NamesOf(Field spec)
    {
        spec["serviceAccountName"].OptionalName(Names.DnsSubdomain);
        spec["nodeName"].OptionalName(Names.DnsSubdomain);
        spec["activeDeadlineSeconds"].Between(1, int.MaxValue);
        spec["hostname"].OptionalName(Names.DnsLabel);
        spec["subdomain"].OptionalName(Names.DnsLabel);
        TolerationChecks.Validate(spec["tolerations"]);
        foreach (var alias in spec["hostAliases"].Items)
        {
            alias["ip"].Address();
            foreach (var hostname in alias["hostnames"].Items)
            {
                hostname.Name(Names.DnsSubdomain);
            }
        }

        spec["priorityClassName"].OptionalName(Names.DnsSubdomain);
        if (spec["runtimeClassName"].IsSet)
        {
            spec["runtimeClassName"].Name(Names.DnsSubdomain);
        }

        if (spec["preemptionPolicy"].IsSet)
        {
            spec["preemptionPolicy"].OneOf("PreemptLowerPriority", "Never");
        }

        if (spec["overhead"].Value is JsonObject overhead)
        {
            // Overhead has the rules of limits, and their path, too.
            ResourceChecks.OfOverhead(spec["overhead"].With(new JsonObject { ["limits"] = overhead.DeepClone() }));
        }
    }
}
