using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What is allowed in a pod but hardly meant (upstream's api/pod warnings).</summary>
internal static class PodWarnings
{
    private static readonly (string Source, string Text)[] OldVolumes =
    [
        ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
        ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
        ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ];

    private static readonly (string Key, string Text)[] OldAnnotations =
    [
        ("scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"),
        ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
        ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ];

    private static readonly string[] Lists = ["initContainers", "containers", "ephemeralContainers"];
    private static readonly string[] WholeBytes = ["memory", "ephemeral-storage"];

    /// <summary>Of a pod that is made.</summary>
    public static IEnumerable<string> Of(JsonObject pod) => OfName(pod, "the Pod's hostname").Concat(All("", pod));

    /// <summary>Of an object that is made, whose pods are named after it.</summary>
    public static IEnumerable<string> OfOwnersName(JsonObject owner) => OfName(owner, "Pod names and hostnames");

    /// <summary>Of a template at a path such as <c>spec.template</c>.</summary>
    public static IEnumerable<string> OfTemplate(string path, JsonObject? template) => template is null ? [] : All(path + ".", template);

    private static IEnumerable<string> All(string prefix, JsonObject pod)
    {
        var spec = pod.ObjectAt("spec") ?? [];
        var at = prefix + "spec";
        return NodeLabelWarnings.Of(at, spec)
            .Concat(Spreading(at, spec))
            .Concat(Annotations(prefix, pod))
            .Concat(Volumes(at, spec))
            .Concat(PathWarnings.Of(spec))
            .Concat(Duplicates($"{at}.hostAliases", spec, "hostAliases", "ip"))
            .Concat(spec.ObjectsAt("hostAliases").SelectMany((alias, i) => AddressWarnings.Address($"{at}.hostAliases[{i}].ip", alias.StringAt("ip"))))
            .Concat(AddressWarnings.Addresses($"{at}.dnsConfig.nameservers", spec.At("dnsConfig", "nameservers")))
            .Concat(Duplicates($"{at}.imagePullSecrets", spec, "imagePullSecrets", "name"))
            .Concat(spec.ObjectsAt("imagePullSecrets").Index()
                .Where(secret => string.IsNullOrEmpty(secret.Item.StringAt("name")))
                .Select(secret => $"{at}.imagePullSecrets[{secret.Index}].name: invalid empty name \"\""))
            .Concat(Fractions($"{at}.overhead", spec.ObjectAt("overhead")))
            .Concat(Profiles(prefix, pod, spec))
            .Concat(Containers(at, spec).SelectMany(container => OfContainer(container.Path, container.Container)))
            .Concat(PortWarnings.Of(Containers(at, spec)))
            .Concat(spec.IntegerAt("terminationGracePeriodSeconds") < 0
                ? [$"{at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"]
                : []);
    }

    private static string[] OfName(JsonObject obj, string use) => obj.StringAt("metadata", "name") is { Length: > 0 } name && Names.DnsLabel(name).ToList() is { Count: > 0 } faults
        ? [$"metadata.name: this is used in {use}, which can result in surprising behavior; a DNS label is recommended: [{string.Join(' ', faults)}]"]
        : [];

    // Annotations of before there were fields; a pod's own of AppArmor are told of as long as they are not made fields.
    private static IEnumerable<string> Profiles(string prefix, JsonObject pod, JsonObject spec)
    {
        if (pod.ObjectAt("metadata", "annotations") is not { Count: > 0 } annotations)
        {
            yield break;
        }

        const string OldAppArmor = "deprecated since v1.30; use the \"appArmorProfile\" field instead";
        foreach (var (_, annotation, _) in prefix.Length == 0 ? AppArmorAnnotations.Unwritten(pod) : [])
        {
            yield return $"metadata.annotations[{annotation}]: {OldAppArmor}";
        }

        const string OfPod = "seccomp.security.alpha.kubernetes.io/pod";
        const string Useless = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
        if (annotations.ContainsKey(OfPod) && spec.At("securityContext", "seccompProfile") is null)
        {
            yield return $"{prefix}metadata.annotations[{OfPod}]: {Useless}";
        }

        foreach (var container in Lists.SelectMany(list => spec.ObjectsAt(list)))
        {
            var seccomp = "container.seccomp.security.alpha.kubernetes.io/" + container.StringAt("name");
            if (annotations.ContainsKey(seccomp) && container.At("securityContext", "seccompProfile") is null)
            {
                yield return $"{prefix}metadata.annotations[{seccomp}]: {Useless}";
            }

            var appArmor = AppArmorAnnotations.Prefix + container.StringAt("name");
            if (prefix.Length > 0 && annotations.ContainsKey(appArmor)
                && (spec.At("securityContext", "appArmorProfile") ?? container.At("securityContext", "appArmorProfile")) is null)
            {
                yield return $"{prefix}metadata.annotations[{appArmor}]: {OldAppArmor}";
            }
        }
    }

    private static IEnumerable<(string Path, JsonObject Container)> Containers(string path, JsonObject spec) =>
        from list in Lists
        from container in spec.ObjectsAt(list).Index()
        select ($"{path}.{list}[{container.Index}]", container.Item);

    private static IEnumerable<string> OfContainer(string path, JsonObject container) =>
        Fractions($"{path}.resources.limits", container.ObjectAt("resources", "limits"))
        .Concat(Fractions($"{path}.resources.requests", container.ObjectAt("resources", "requests")))
        .Concat(Variables(path, container));

    private static IEnumerable<string> Variables(string path, JsonObject container)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, variable) in container.ObjectsAt("env").Index())
        {
            var (name, value) = (variable.StringAt("name") ?? "", variable.StringAt("value") ?? "");
            var reference = $"$({name})";

            // A value that goes on from the one before is meant.
            if (!seen.Add(name) && (variable["valueFrom"] is not null || value == reference || !value.Contains(reference, StringComparison.Ordinal)))
            {
                yield return $"{path}.env[{index}]: hides previous definition of \"{name}\", which may be dropped when using apply";
            }
        }
    }

    private static IEnumerable<string> Fractions(string path, JsonObject? amounts) =>
        from name in WholeBytes
        let text = FieldPath.Text(amounts?[name])
        where text.EndsWith('m') && Quantity.TryParse(text, out var amount) && amount.MilliValue % 1000 != 0
        select $"{path}[{name}]: fractional byte value \"{text}\" is invalid, must be an integer";

    private static IEnumerable<string> Duplicates(string path, JsonObject spec, string list, string field)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return spec.ObjectsAt(list).Index()
            .Where(member => !seen.Add(member.Item.StringAt(field) ?? ""))
            .Select(member => $"{path}[{member.Index}].{field}: duplicate {field} \"{member.Item.StringAt(field)}\"");
    }

    private static IEnumerable<string> Volumes(string path, JsonObject spec) =>
        from volume in spec.ObjectsAt("volumes").Index()
        let at = $"{path}.volumes[{volume.Index}]"
        from warning in OldVolumes.Where(old => volume.Item[old.Source] is not null)
            .Select(old => $"{at}.{(old.Source == "storageos" ? "storageOS" : old.Source)}: {old.Text}")
            .Concat(StorageWarnings.OfClaimSpec($"{at}.ephemeral.volumeClaimTemplate.spec", volume.Item.ObjectAt("ephemeral", "volumeClaimTemplate", "spec")))
        select warning;

    private static IEnumerable<string> Annotations(string prefix, JsonObject pod)
    {
        if (pod.ObjectAt("metadata", "annotations") is not { Count: > 0 } annotations)
        {
            return [];
        }

        return OldAnnotations.Where(old => annotations.ContainsKey(old.Key)).Select(old => $"{prefix}metadata.annotations[{old.Key}]: {old.Text}");
    }

    private static IEnumerable<string> Spreading(string path, JsonObject spec)
    {
        const string Null = "a null labelSelector results in matching no pod";
        foreach (var (index, constraint) in spec.ObjectsAt("topologySpreadConstraints").Index())
        {
            if (constraint["labelSelector"] is null)
            {
                yield return $"{path}.topologySpreadConstraints[{index}].labelSelector: {Null}";
            }
        }

        const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
        const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        foreach (var kind in spec["affinity"] is null ? [] : new[] { "podAffinity", "podAntiAffinity" })
        {
            foreach (var (index, term) in spec.ObjectsAt("affinity", kind, Required).Index())
            {
                if (term["labelSelector"] is null)
                {
                    yield return $"{path}.affinity.{kind}.{Required}[{index}].labelSelector: {Null}";
                }
            }

            foreach (var (index, term) in spec.ObjectsAt("affinity", kind, Preferred).Index())
            {
                if (term.At("podAffinityTerm", "labelSelector") is null)
                {
                    yield return $"{path}.affinity.{kind}.{Preferred}[{index}].podAffinityTerm.labelSelector: {Null}";
                }
            }
        }
    }
}
