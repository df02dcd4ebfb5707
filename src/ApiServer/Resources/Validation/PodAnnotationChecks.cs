using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Annotations of pods and templates that mean something to Kubernetes itself.</summary>
internal static class PodAnnotationChecks
{
    public const string Mirror = "kubernetes.io/config.mirror";

    private static readonly string[] Lists = ["initContainers", "containers", "ephemeralContainers"];

    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";
    private const string PodSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
    private const string ContainerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
    private const string AppArmor = AppArmorAnnotations.Prefix;

    public static void Validate(Field annotations, Field spec)
    {
        if (annotations.Count == 0)
        {
            return;
        }

        if (annotations[Mirror].IsSet && spec["nodeName"].Text.Length == 0)
        {
            annotations.Key(Mirror).Invalid("must set spec.nodeName if mirror pod annotation is set");
        }

        if (annotations[DeletionCost].IsSet && !IsInteger(annotations[DeletionCost].Text))
        {
            annotations.Key(DeletionCost).Invalid("must be a 32bit integer");
        }

        foreach (var (name, annotation) in annotations.Entries)
        {
            if (name == PodSeccomp || name.StartsWith(ContainerSeccomp, StringComparison.Ordinal))
            {
                SeccompProfile(annotations[name]);
            }
            else if (name.StartsWith(AppArmor, StringComparison.Ordinal))
            {
                AppArmorProfile(annotation, name[AppArmor.Length..], spec);
            }
        }
    }

    /// <summary>Of a pod that exists: whether it mirrors a static one is decided when it is made, and so is AppArmor.</summary>
    public static void ValidateUpdate(Field annotations, JsonObject? before)
    {
        var after = annotations.Value as JsonObject;
        foreach (var name in (before ?? []).Select(entry => entry.Key).Where(name => after.StringAt(name) != before.StringAt(name)))
        {
            Fixed(annotations.Key(name), name, "may not remove or update");
        }

        foreach (var name in (after ?? []).Select(entry => entry.Key).Where(name => before?.ContainsKey(name) != true))
        {
            Fixed(annotations.Key(name), name, "may not add");
        }
    }

    private static void Fixed(Field annotation, string name, string what)
    {
        if (name == Mirror)
        {
            annotation.Forbidden($"{what} mirror pod annotation");
        }
        else if (name.StartsWith(AppArmor, StringComparison.Ordinal))
        {
            annotation.Forbidden($"{what} AppArmor annotations");
        }
    }

    // As Go parses it: no sign "+" and no zeros before a number, but for zero itself.
    private static bool IsInteger(string text) => int.TryParse(text, out var number) && (text == "0" || (text is not ['+' or '0', ..] && number != 0));

    private static void SeccompProfile(Field profile)
    {
        if (profile.Text.StartsWith("localhost/", StringComparison.Ordinal))
        {
            profile.With(profile.Text["localhost/".Length..]).DescendingPath();
        }
        else if (profile.Text is not ("runtime/default" or "docker/default" or "unconfined"))
        {
            profile.Invalid("must be a valid seccomp profile");
        }
    }

    private static void AppArmorProfile(Field annotation, string container, Field spec)
    {
        if (!Lists.Any(list => spec[list].Items.Any(item => item["name"].Text == container)))
        {
            annotation.InvalidValue(container, "container not found");
        }

        if (annotation.Text is not ("" or "runtime/default" or "unconfined") && !annotation.Text.StartsWith("localhost/", StringComparison.Ordinal))
        {
            annotation.Invalid($"invalid AppArmor profile name: \"{annotation.Text}\"");
        }
    }
}
