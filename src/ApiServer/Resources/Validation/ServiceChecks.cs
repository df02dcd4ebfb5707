using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>A service's spec (upstream's ValidateService).</summary>
internal static class ServiceChecks
{
    public static IEnumerable<FieldError> Validate(JsonObject spec) => Ports(spec)
        .Concat(Checks.OneOf("spec.type", spec.StringAt("type"), "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"))
        .Concat(Checks.OneOf("spec.sessionAffinity", spec.StringAt("sessionAffinity"), "ClientIP", "None"))
        .Concat(Checks.Labels("spec.selector", spec["selector"]))
        .Concat(Addresses(spec))
        .Concat(ExternalName(spec))
        .Concat(Policies(spec));

    public static IEnumerable<FieldError> ValidateUpdate(JsonObject spec, JsonObject old)
    {
        var (now, before) = (spec.StringAt("clusterIP"), old.StringAt("clusterIP"));
        var mustStay = ServiceUpdates.NeedsClusterAddress(spec) && ServiceUpdates.NeedsClusterAddress(old) && !string.IsNullOrEmpty(before);
        return Validate(spec).Concat(mustStay && now != before
            ? [FieldError.Invalid("spec.clusterIPs[0]", spec["clusterIPs"], "may not change once set")]
            : []);
    }

    private static IEnumerable<FieldError> Ports(JsonObject spec)
    {
        var ports = spec.ObjectsAt("ports").ToList();
        if (ports.Count == 0 && spec.StringAt("clusterIP") != "None" && spec.StringAt("type") != "ExternalName")
        {
            yield return FieldError.Required("spec.ports");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(string?, long?)>();
        foreach (var (index, port) in ports.Index())
        {
            var path = $"spec.ports[{index}]";
            foreach (var error in Port(path, port, needsName: ports.Count > 1, spec.StringAt("type")))
            {
                yield return error;
            }

            if (port.StringAt("name") is { Length: > 0 } name && !names.Add(name))
            {
                yield return FieldError.Duplicate($"{path}.name", name);
            }

            if (!numbers.Add((port.StringAt("protocol"), port.IntegerAt("port"))))
            {
                yield return FieldError.Duplicate(path, new JsonObject { ["port"] = port["port"]?.DeepClone(), ["protocol"] = port.StringAt("protocol") });
            }
        }
    }

    private static IEnumerable<FieldError> Port(string path, JsonObject port, bool needsName, string? type)
    {
        var name = needsName
            ? Checks.RequiredName($"{path}.name", port.StringAt("name"), Names.DnsLabel)
            : Checks.OptionalName($"{path}.name", port.StringAt("name"), Names.DnsLabel);
        var errors = name
            .Concat(Checks.PortNumber($"{path}.port", port.IntegerAt("port") ?? 0))
            .Concat(Checks.OneOf($"{path}.protocol", port.StringAt("protocol"), "TCP", "UDP", "SCTP"))
            .Concat(Checks.PortNumberOrName($"{path}.targetPort", port["targetPort"]))
            .Concat(Checks.OptionalName($"{path}.appProtocol", port.StringAt("appProtocol"), Names.QualifiedName));
        return type is "ClusterIP" && port.IntegerAt("nodePort") is > 0
            ? errors.Append(FieldError.Forbidden($"{path}.nodePort", "may not be used when `type` is 'ClusterIP'"))
            : errors;
    }

    private static IEnumerable<FieldError> Addresses(JsonObject spec)
    {
        foreach (var (index, node) in (spec["clusterIPs"] as JsonArray ?? []).Index())
        {
            var address = FieldPath.Text(node);
            if (address == "None" ? index > 0 : !AddressChecks.TryParse(address, out _))
            {
                yield return FieldError.Invalid($"spec.clusterIPs[{index}]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }

        foreach (var (index, node) in (spec["externalIPs"] as JsonArray ?? []).Index())
        {
            foreach (var error in AddressChecks.Endpoint($"spec.externalIPs[{index}]", FieldPath.Text(node)))
            {
                yield return error;
            }
        }

        if (spec.StringAt("clusterIP") == "None" && spec.StringAt("type") is "NodePort" or "LoadBalancer")
        {
            yield return FieldError.Invalid(
                "spec.clusterIPs[0]", "None", $"may not be set to 'None' for {spec.StringAt("type")} services");
        }
    }

    private static IEnumerable<FieldError> ExternalName(JsonObject spec)
    {
        if (spec.StringAt("type") != "ExternalName")
        {
            yield break;
        }

        if (spec.StringAt("clusterIP") is { Length: > 0 })
        {
            yield return FieldError.Forbidden("spec.clusterIPs", "may not be set when `type` is 'ExternalName'");
        }

        // A trailing dot ends a name that is complete.
        var name = spec.StringAt("externalName") ?? "";
        var errors = name.Length == 0
            ? [FieldError.Required("spec.externalName")]
            : Checks.Named("spec.externalName", name.EndsWith('.') ? name[..^1] : name, Names.DnsSubdomain);
        foreach (var error in errors)
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Policies(JsonObject spec)
    {
        var isOutside = spec.StringAt("type") is "NodePort" or "LoadBalancer" || spec["externalIPs"] is JsonArray { Count: > 0 };
        if (spec.StringAt("externalTrafficPolicy") is { } external)
        {
            var errors = isOutside
                ? Checks.OneOf("spec.externalTrafficPolicy", external, "Cluster", "Local")
                : [FieldError.Invalid("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services")];
            foreach (var error in errors)
            {
                yield return error;
            }
        }

        foreach (var error in Checks.OptionalOneOf("spec.internalTrafficPolicy", spec.StringAt("internalTrafficPolicy"), "Cluster", "Local"))
        {
            yield return error;
        }

        if (spec.IntegerAt("sessionAffinityConfig", "clientIP", "timeoutSeconds") is { } seconds and (<= 0 or > 86_400))
        {
            yield return FieldError.Invalid(
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, "must be greater than 0 and less than 86400");
        }
    }
}
