using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>A service (upstream's ValidateService).</summary>
internal static class ServiceChecks
{
    private const string Hints = "service.kubernetes.io/topology-aware-hints";
    private const string TopologyMode = "service.kubernetes.io/topology-mode";
    private const string SourceRanges = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private const string OnlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";
    private const int LongestAffinity = 86_400;

    public static void Validate(Field service)
    {
        var (spec, annotations) = (service["spec"], service["metadata"]["annotations"]);
        if (annotations[TopologyMode].IsSet && annotations[Hints].IsSet && annotations[TopologyMode].Text != annotations[Hints].Text)
        {
            annotations.Key(TopologyMode).Invalid($"must match annotations[{Hints}] when both are specified");
        }

        var type = spec["type"].Text;
        if (spec["ports"].Count == 0 && !IsHeadless(spec) && type != "ExternalName")
        {
            spec["ports"].Required();
        }

        OfType(spec, type);
        ServicePortChecks.Ports(spec["ports"]);
        spec["selector"].Labels();
        Affinity(spec);
        ServiceAddressChecks.Validate(spec);
        foreach (var address in spec["externalIPs"].Items)
        {
            address.Add(AddressChecks.Endpoint(address.Path, address.Text));
        }

        spec["type"].OneOf("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        ServicePortChecks.Duplicates(spec["ports"], type);
        LoadBalancer(spec, type, annotations);
        Policies(spec, type);
    }

    public static void ValidateUpdate(Field service, JsonObject old)
    {
        var (spec, before) = (service["spec"], old.ObjectAt("spec") ?? []);
        ServiceAddressChecks.ValidateUpdate(spec, before);
        var loadBalancerClass = spec["loadBalancerClass"];
        if (spec["type"].Text == "LoadBalancer" && before.StringAt("type") == "LoadBalancer" && loadBalancerClass.Value.StringAt() != before.StringAt("loadBalancerClass"))
        {
            loadBalancerClass.InvalidValue(loadBalancerClass.Value, "may not change once set");
        }

        if (spec.Value is JsonObject after && ServiceUpdates.NeedsHealthCheckPort(after) && ServiceUpdates.NeedsHealthCheckPort(before)
            && spec["healthCheckNodePort"].Number != before.IntegerAt("healthCheckNodePort"))
        {
            spec["healthCheckNodePort"].Forbidden(Checks.Immutable);
        }

        Validate(service);
    }

    public static void Status(Field service)
    {
        foreach (var ingress in service["status"]["loadBalancer"]["ingress"].Items)
        {
            if (service["spec"]["type"].Text != "LoadBalancer")
            {
                service["status"]["loadBalancer"]["ingress"].Forbidden("may only be used when `spec.type` is 'LoadBalancer'");
                return;
            }

            Ingress(ingress);
        }
    }

    public static bool IsHeadless(Field spec) => spec["clusterIPs"].Count == 1 && spec["clusterIPs"][0].Text == "None";

    private static void Ingress(Field ingress)
    {
        var (address, mode, name) = (ingress["ip"], ingress["ipMode"], ingress["hostname"]);
        if (address.Text.Length > 0)
        {
            address.Address();
        }

        if (!mode.IsSet)
        {
            if (address.Text.Length > 0)
            {
                mode.Required("must be specified when `ip` is set");
            }
        }
        else if (address.Text.Length == 0)
        {
            mode.Forbidden("may not be specified when `ip` is not set");
        }
        else
        {
            mode.Known("Proxy", "VIP");
        }

        name.OptionalName(Names.DnsSubdomain);
        if (AddressText.TryParse(name.Text, out _))
        {
            name.Invalid("must be a DNS name, not an IP address");
        }
    }

    private static void OfType(Field spec, string type)
    {
        if (type is ("LoadBalancer" or "NodePort") && IsHeadless(spec))
        {
            spec["clusterIPs"][0].Invalid($"may not be set to 'None' for {type} services");
        }
        else if (type == "ExternalName")
        {
            const string Why = "may not be set for ExternalName services";
            foreach (var name in (ReadOnlySpan<string>)["clusterIPs", "ipFamilies", "ipFamilyPolicy"])
            {
                if (spec[name].Count > 0 || spec[name].Text.Length > 0)
                {
                    spec[name].Forbidden(Why);
                }
            }

            // A trailing dot ends a name that is complete.
            var host = spec["externalName"].Text;
            spec["externalName"].With(host.EndsWith('.') ? host[..^1] : host).RequiredName(Names.DnsSubdomain);
        }
    }

    private static void Affinity(Field spec)
    {
        const string When = "when session affinity type is ClientIP";
        spec["sessionAffinity"].OneOf("ClientIP", "None");
        var config = spec["sessionAffinityConfig"];
        var (client, seconds) = (config["clientIP"], config["clientIP"]["timeoutSeconds"]);
        switch (spec["sessionAffinity"].Text)
        {
            case "ClientIP" when !config.IsSet:
                config.Required(When);
                break;
            case "ClientIP" when !client.IsSet:
                client.Required(When);
                break;
            case "ClientIP" when seconds.Number is null:
                seconds.Required(When);
                break;
            case "ClientIP" when seconds.Number is <= 0 or > LongestAffinity:
                seconds.Invalid($"must be greater than 0 and less than {LongestAffinity}");
                break;
            case "None" when config.IsSet:
                config.Forbidden("must not be set when session affinity is None");
                break;
        }
    }

    private static void LoadBalancer(Field spec, string type, Field annotations)
    {
        var isBalanced = type == "LoadBalancer";
        var ranges = spec["LoadBalancerSourceRanges"].With(spec["loadBalancerSourceRanges"].Value);
        if (ranges.Count > 0)
        {
            Only(isBalanced, ranges);
            foreach (var range in ranges.Items)
            {
                CidrChecks.Legacy(range, range.Text.Trim());
            }
        }
        else if (annotations[SourceRanges].IsSet)
        {
            var annotation = annotations.Key(SourceRanges);
            Only(isBalanced, annotation);
            foreach (var range in annotation.Text.Trim().Length > 0 ? annotation.Text.Split(',', StringSplitOptions.TrimEntries) : [])
            {
                CidrChecks.Legacy(annotation, range);
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["allocateLoadBalancerNodePorts", "loadBalancerClass"])
        {
            if (spec[name].IsSet)
            {
                Only(isBalanced, spec[name]);
            }
        }

        if (isBalanced && !spec["allocateLoadBalancerNodePorts"].IsSet)
        {
            spec["allocateLoadBalancerNodePorts"].Required();
        }

        if (isBalanced && spec["loadBalancerClass"].IsSet)
        {
            spec["loadBalancerClass"].Name(Names.QualifiedName);
        }
    }

    private static void Only(bool isBalanced, Field field)
    {
        if (!isBalanced)
        {
            field.Forbidden(OnlyLoadBalancer);
        }
    }

    private static void Policies(Field spec, string type)
    {
        var isOutside = type is "NodePort" or "LoadBalancer" || (type == "ClusterIP" && spec["externalIPs"].Count > 0);
        var external = spec["externalTrafficPolicy"];
        if (isOutside)
        {
            external.OneOf("Cluster", "Local");
        }
        else if (external.Text.Length > 0)
        {
            external.Invalid("may only be set for externally-accessible services");
        }

        var port = spec["healthCheckNodePort"];
        if (type != "LoadBalancer" || external.Text != "Local")
        {
            if (port.Number is not (null or 0))
            {
                port.Invalid("may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
            }
        }
        else if (port.Number is null or 0)
        {
            port.Required();
        }
        else
        {
            port.Port();
        }

        var isInternal = spec["internalTrafficPolicy"];
        if (!isInternal.IsSet && type is ("ClusterIP" or "NodePort" or "LoadBalancer"))
        {
            isInternal.Required();
        }

        isInternal.OptionalOneOf("Cluster", "Local");
        spec["trafficDistribution"].OptionalOneOf("PreferClose", "PreferSameNode", "PreferSameZone");
    }
}
