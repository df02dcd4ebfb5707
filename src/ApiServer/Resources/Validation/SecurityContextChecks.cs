using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Users, groups and privileges.</summary>
internal static class SecurityContextChecks
{
    public static IEnumerable<FieldError> OfPod(string path, JsonObject spec)
    {
        var context = spec.ObjectAt("securityContext");
        var errors = Ids(path, context, "runAsUser", "runAsGroup", "fsGroup");
        if (spec.BooleanAt("hostPID") == true && spec.BooleanAt("shareProcessNamespace") == true)
        {
            errors = errors.Append(FieldError.Invalid(
                $"{path}.shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled"));
        }

        return errors;
    }

    public static IEnumerable<FieldError> OfContainer(string path, JsonObject container)
    {
        var context = container.ObjectAt("securityContext");
        foreach (var error in Ids(path, context, "runAsUser", "runAsGroup"))
        {
            yield return error;
        }

        if (context.BooleanAt("allowPrivilegeEscalation") == false)
        {
            if (context.BooleanAt("privileged") == true)
            {
                yield return FieldError.Invalid(
                    $"{path}.allowPrivilegeEscalation", false, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }

            if ((context.At("capabilities", "add") as JsonArray ?? []).Select(FieldPath.Text).Any(name => name is "CAP_SYS_ADMIN" or "SYS_ADMIN"))
            {
                yield return FieldError.Invalid(
                    $"{path}.allowPrivilegeEscalation",
                    false,
                    "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
    }

    private static IEnumerable<FieldError> Ids(string path, JsonObject? context, params IEnumerable<string> fields) =>
        from field in fields
        let id = context.IntegerAt(field)
        where id is < 0 or > int.MaxValue
        select FieldError.Invalid($"{path}.{field}", id, "must be between 0 and 2147483647, inclusive");
}
