using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What pods of one operating system may not say that are of the other.</summary>
internal static class OperatingSystemChecks
{
    private const string ForLinux = "windows options cannot be set for a linux pod";
    private const string ForWindows = "cannot be set for a windows pod";

    private static readonly string[] OfContainers =
    [
        "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount",
        "runAsUser", "runAsGroup",
    ];

    // In upstream's order, which mixes what the pod says itself with what its security context says.
    private static readonly string[] OfPods =
    [
        "appArmorProfile", "seLinuxOptions", "hostUsers", "hostPID", "hostIPC", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "shareProcessNamespace",
        "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy",
    ];

    public static void Validate(Field spec)
    {
        var os = spec["os"];
        if (!os.IsSet)
        {
            return;
        }

        switch (os["name"].Text)
        {
            case "":
                os["name"].Required("cannot be empty");
                break;
            case "linux":
                spec["securityContext"].ForbidAll(ForLinux, "windowsOptions");
                ForbidInContainers(spec, ForLinux, "windowsOptions");
                break;
            case "windows":
                foreach (var name in OfPods)
                {
                    OfWindowsPod(spec, name);
                }

                ForbidInContainers(spec, ForWindows, OfContainers);
                break;
            default:
                os.With(os["name"].Value).NotSupported("linux", "windows");
                break;
        }
    }

    /// <summary>Containers that run on the Windows host itself do so all together, and on its network.</summary>
    public static void HostProcess(Field spec)
    {
        var ofPod = spec["securityContext"]["windowsOptions"]["hostProcess"].Value.BooleanAt();
        var (count, onHost) = (0, 0);
        foreach (var container in AllContainers(spec))
        {
            count++;
            var option = container["securityContext"]["windowsOptions"]["hostProcess"];
            var own = option.Value.BooleanAt();
            if (ofPod is { } pod && own is not null && own != pod)
            {
                option.Invalid($"pod hostProcess value must be identical if both are specified, was {(pod ? "true" : "false")}");
            }

            onHost += own ?? ofPod == true ? 1 : 0;
        }

        if (onHost > 0 && onHost != count)
        {
            spec.InvalidValue("", "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        }

        if (onHost > 0 && !spec["hostNetwork"].IsTrue)
        {
            spec["hostNetwork"].InvalidValue(false, "hostNetwork must be true if pod contains any hostProcess containers");
        }
    }

    /// <summary>Of every kind.</summary>
    public static IEnumerable<Field> AllContainers(Field spec) =>
        spec["initContainers"].Items.Concat(spec["containers"].Items).Concat(spec["ephemeralContainers"].Items);

    private static void OfWindowsPod(Field spec, string name)
    {
        var (field, isSaid) = name switch
        {
            "hostUsers" or "shareProcessNamespace" => (spec[name], spec[name].IsSet),
            "hostPID" or "hostIPC" => (spec[name], spec[name].IsTrue),
            "sysctls" => (spec["securityContext"][name], spec["securityContext"][name].Count > 0),
            _ => (spec["securityContext"][name], spec["securityContext"][name].IsSet),
        };
        if (isSaid)
        {
            field.Forbidden(ForWindows);
        }
    }

    private static void ForbidInContainers(Field spec, string detail, params ReadOnlySpan<string> names)
    {
        foreach (var container in AllContainers(spec))
        {
            container["securityContext"].ForbidAll(detail, names);
        }
    }
}
