using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Security profiles of a new pod that are said twice, in old annotations and in fields, must say the same.</summary>
internal static class ProfileAnnotationChecks
{
    private const string PodSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
    private const string ContainerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";

    public static void Validate(Field pod)
    {
        var (annotations, spec) = (pod["metadata"]["annotations"], pod["spec"]);
        if (annotations.Count == 0)
        {
            return;
        }

        Match(annotations[PodSeccomp], spec["securityContext"]["seccompProfile"], "seccomp");
        foreach (var container in OperatingSystemChecks.AllContainers(spec))
        {
            Match(annotations[ContainerSeccomp + container["name"].Text], container["securityContext"]["seccompProfile"], "seccomp");
        }

        if (spec["os"]["name"].Text != "windows")
        {
            foreach (var container in OperatingSystemChecks.AllContainers(spec))
            {
                AppArmor(annotations[AppArmorAnnotations.Prefix + container["name"].Text], container["securityContext"]["appArmorProfile"], spec);
            }
        }
    }

    // A good annotation without a field of the container's own becomes that field; only a bad one is held against the pod's.
    private static void AppArmor(Field annotation, Field profile, Field spec)
    {
        if (profile.IsSet)
        {
            Match(annotation, profile, "apparmor");
        }
        else if (AppArmorAnnotations.Profile(annotation.Text) is null)
        {
            Match(annotation, profile.With(spec["securityContext"]["appArmorProfile"].Value), "apparmor");
        }
    }

    private static void Match(Field annotation, Field profile, string what)
    {
        if (!annotation.IsSet || !profile.IsSet)
        {
            return;
        }

        const string Local = AppArmorAnnotations.Localhost;
        var isSameType = profile["type"].Text switch
        {
            "Unconfined" => annotation.Text == "unconfined",
            "RuntimeDefault" => annotation.Text == "runtime/default" || (what == "seccomp" && annotation.Text == "docker/default"),
            "Localhost" => annotation.Text.StartsWith(Local, StringComparison.Ordinal),
            _ => true,
        };
        if (!isSameType)
        {
            profile["type"].Forbidden($"{what} type in annotation and field must match");
        }
        else if (profile["type"].Text == "Localhost" && profile["localhostProfile"].Value.StringAt() != annotation.Text[Local.Length..])
        {
            profile["localhostProfile"].Forbidden($"{what} profile in annotation and field must match");
        }
    }
}
