using System.Text.RegularExpressions;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Users, groups and privileges.</summary>
internal static partial class SecurityContextChecks
{
    private const int SysctlLength = 253;
    private const int ProfileLength = 4095;
    private const string SysctlExpression = @"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

    private static readonly string[] IpcSysctls = ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."];

    public static void OfPod(Field context, Field spec)
    {
        context["fsGroup"].Id();
        context["runAsUser"].Id();
        context["runAsGroup"].Id();
        foreach (var group in context["supplementalGroups"].Items)
        {
            group.Id();
        }

        if (spec["hostPID"].IsTrue && spec["shareProcessNamespace"].IsTrue)
        {
            context["shareProcessNamespace"].InvalidValue(true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }

        Sysctls(context["sysctls"], spec);
        context["fsGroupChangePolicy"].OptionalOneOf("Always", "OnRootMismatch");
        Seccomp(context["seccompProfile"]);
        WindowsChecks.Validate(context["windowsOptions"]);
        AppArmor(context["appArmorProfile"]);
        context["supplementalGroupsPolicy"].OptionalOneOf("Merge", "Strict");
        context["seLinuxChangePolicy"].OptionalOneOf("MountOption", "Recursive");
    }

    public static void OfContainer(Field context, bool hostUsers)
    {
        if (!context.IsSet)
        {
            return;
        }

        context["runAsUser"].Id();
        context["runAsGroup"].Id();
        var mount = context["procMount"];
        mount.OptionalOneOf("Default", "Unmasked");
        if (hostUsers && mount.Text == "Unmasked")
        {
            mount.Invalid("`hostUsers` must be false to use `Unmasked`");
        }

        Seccomp(context["seccompProfile"]);
        Escalation(context);
        WindowsChecks.Validate(context["windowsOptions"]);
        AppArmor(context["appArmorProfile"]);
    }

    private static void Escalation(Field context)
    {
        if (context["allowPrivilegeEscalation"].Value.BooleanAt() != false)
        {
            return;
        }

        if (context["privileged"].IsTrue)
        {
            context.Invalid("cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }

        if (context["capabilities"]["add"].Items.Any(capability => capability.Text == "CAP_SYS_ADMIN"))
        {
            context.Invalid("cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
        }
    }

    private static void Sysctls(Field sysctls, Field spec)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sysctl in sysctls.Items)
        {
            var name = sysctl["name"];
            if (!name.NotEmpty())
            {
                continue;
            }

            if (name.Text.Length > SysctlLength || !Sysctl().IsMatch(name.Text))
            {
                name.Invalid($"must have at most {SysctlLength} characters and match regex {SysctlExpression}");
            }
            else if (!names.Add(name.Text))
            {
                name.Duplicate(name.Text);
            }

            var plain = name.Text.Replace('/', '.');
            if (spec["hostNetwork"].IsTrue && plain.StartsWith("net.", StringComparison.Ordinal))
            {
                name.Invalid("may not be specified when 'hostNetwork' is true");
            }
            else if (spec["hostIPC"].IsTrue && IpcSysctls.Any(prefix => plain.StartsWith(prefix, StringComparison.Ordinal)))
            {
                name.Invalid("may not be specified when 'hostIPC' is true");
            }
        }
    }

    private static void Seccomp(Field profile)
    {
        if (!profile.IsSet)
        {
            return;
        }

        var (type, local) = (profile["type"], profile["localhostProfile"]);
        if (type.NotEmpty("type is required when seccompProfile is set"))
        {
            type.Known("Localhost", "RuntimeDefault", "Unconfined");
        }

        if (type.Text != "Localhost")
        {
            if (local.IsSet)
            {
                local.InvalidValue(profile.Value, "can only be set when seccomp type is Localhost");
            }
        }
        else if (!local.IsSet)
        {
            local.Required("must be set when seccomp type is Localhost");
        }
        else
        {
            local.DescendingPath();
        }
    }

    private static void AppArmor(Field profile)
    {
        if (!profile.IsSet)
        {
            return;
        }

        var local = profile["localhostProfile"];
        switch (profile["type"].Text)
        {
            case "Localhost" when local.Text.Length == 0:
                local.Required("must be set when AppArmor type is Localhost");
                break;
            case "Localhost" when local.Text.Trim() != local.Text:
                local.Invalid("must not be padded with whitespace");
                break;
            case "Localhost" when local.Text.Length > ProfileLength:
                local.TooLong(ProfileLength);
                break;
            case "RuntimeDefault" or "Unconfined" when local.IsSet:
                local.Invalid("can only be set when AppArmor type is Localhost");
                break;
            case "":
                profile["type"].Required("type is required when appArmorProfile is set");
                break;
            default:
                profile["type"].Known("Localhost", "RuntimeDefault", "Unconfined");
                break;
        }
    }

    [GeneratedRegex(SysctlExpression, RegexOptions.NonBacktracking)]
    private static partial Regex Sysctl();
}
