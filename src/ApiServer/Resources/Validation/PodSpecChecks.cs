using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The spec of a pod, be it of a pod or of a template (upstream's ValidatePodSpec).</summary>
internal static class PodSpecChecks
{
    public static IEnumerable<FieldError> Validate(string path, JsonObject spec)
    {
        var volumes = spec.ObjectsAt("volumes").Select(volume => volume.StringAt("name") ?? "").ToHashSet();
        return VolumeChecks.Validate($"{path}.volumes", spec)
            .Concat(Containers(path, spec, volumes))
            .Concat(Policies(path, spec))
            .Concat(NamesOf(path, spec))
            .Concat(SecurityContextChecks.OfPod($"{path}.securityContext", spec))
            .Concat(TolerationChecks.Validate($"{path}.tolerations", spec))
            .Concat(AffinityChecks.Validate($"{path}.affinity", spec["affinity"]))
            .Concat(spec.ObjectsAt("topologySpreadConstraints").SelectMany((c, i) => Spread($"{path}.topologySpreadConstraints[{i}]", c)))
            .Concat(HostAliases(path, spec));
    }

    private static IEnumerable<FieldError> Containers(string path, JsonObject spec, HashSet<string> volumes)
    {
        if (!spec.ObjectsAt("containers").Any())
        {
            yield return FieldError.Required($"{path}.containers");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var hostPorts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in new[] { "containers", "initContainers" })
        {
            foreach (var (index, container) in spec.ObjectsAt(field).Index())
            {
                var at = $"{path}.{field}[{index}]";
                foreach (var error in ContainerChecks.Validate(at, container, spec, volumes, isInit: field == "initContainers"))
                {
                    yield return error;
                }

                if (container.StringAt("name") is { Length: > 0 } name && !names.Add(name))
                {
                    yield return FieldError.Duplicate($"{at}.name", name);
                }

                foreach (var error in HostPortConflicts(at, container, hostPorts))
                {
                    yield return error;
                }
            }
        }
    }

    private static IEnumerable<FieldError> HostPortConflicts(string path, JsonObject container, HashSet<string> taken) =>
        from port in container.ObjectsAt("ports").Index()
        let number = port.Item.IntegerAt("hostPort") ?? 0
        where number > 0
        let text = $"{port.Item.StringAt("protocol")}/{port.Item.StringAt("hostIP")}/{number}"
        where !taken.Add(text)
        select FieldError.Duplicate($"{path}.ports[{port.Index}].hostPort", text);

    private static IEnumerable<FieldError> Policies(string path, JsonObject spec)
    {
        foreach (var error in Checks.OneOf($"{path}.restartPolicy", spec.StringAt("restartPolicy"), "Always", "OnFailure", "Never"))
        {
            yield return error;
        }

        foreach (var error in Checks.OneOf(
            $"{path}.dnsPolicy", spec.StringAt("dnsPolicy"), "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"))
        {
            yield return error;
        }

        if (spec.StringAt("dnsPolicy") == "None" && spec.At("dnsConfig", "nameservers") is not JsonArray { Count: > 0 })
        {
            yield return FieldError.Required($"{path}.dnsConfig.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }

        if (spec.IntegerAt("activeDeadlineSeconds") is { } deadline and (< 1 or > int.MaxValue))
        {
            yield return FieldError.Invalid($"{path}.activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
        }
    }

    private static IEnumerable<FieldError> NamesOf(string path, JsonObject spec) => Checks.Labels($"{path}.nodeSelector", spec["nodeSelector"])
        .Concat(Checks.OptionalName($"{path}.serviceAccountName", spec.StringAt("serviceAccountName"), Names.DnsSubdomain))
        .Concat(Checks.OptionalName($"{path}.nodeName", spec.StringAt("nodeName"), Names.DnsSubdomain))
        .Concat(Checks.OptionalName($"{path}.hostname", spec.StringAt("hostname"), Names.DnsLabel))
        .Concat(Checks.OptionalName($"{path}.subdomain", spec.StringAt("subdomain"), Names.DnsLabel))
        .Concat(Checks.OptionalName($"{path}.priorityClassName", spec.StringAt("priorityClassName"), Names.DnsSubdomain))
        .Concat(Checks.OptionalName($"{path}.runtimeClassName", spec.StringAt("runtimeClassName"), Names.DnsSubdomain))
        .Concat(Checks.OptionalName($"{path}.schedulerName", spec.StringAt("schedulerName"), Names.QualifiedName));

    private static IEnumerable<FieldError> Spread(string path, JsonObject constraint)
    {
        if (constraint.IntegerAt("maxSkew") is not > 0)
        {
            yield return FieldError.Invalid($"{path}.maxSkew", constraint.IntegerAt("maxSkew") ?? 0, "must be greater than zero");
        }

        if (string.IsNullOrEmpty(constraint.StringAt("topologyKey")))
        {
            yield return FieldError.Required($"{path}.topologyKey", "can not be empty");
        }

        var others = Checks.OneOf($"{path}.whenUnsatisfiable", constraint.StringAt("whenUnsatisfiable"), "DoNotSchedule", "ScheduleAnyway")
            .Concat(LabelSelectorChecks.Validate($"{path}.labelSelector", constraint["labelSelector"]));
        foreach (var error in others)
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> HostAliases(string path, JsonObject spec) =>
        from alias in spec.ObjectsAt("hostAliases").Index()
        from error in AddressChecks.Address($"{path}.hostAliases[{alias.Index}].ip", alias.Item.StringAt("ip"))
        select error;

    /// <summary>What only pods are refused that templates may have, and the other way round.</summary>
    public static IEnumerable<FieldError> ForNewPod(JsonObject spec) => spec.ObjectsAt("ephemeralContainers").Any()
        ? [FieldError.Forbidden("spec.ephemeralContainers", "cannot be set on create")]
        : [];
}
