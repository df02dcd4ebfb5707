
namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The three lists of containers of a pod: which names they share, and what each kind may not have.</summary>
internal static class ContainersChecks
{
    private const string ForEphemeral = "cannot be set for an Ephemeral Container";
    private const string ForInit = "may not be set for init containers without restartPolicy=Always";

    private static readonly string[] NotEphemeral =
        ["ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"];

    public static void Validate(Field spec, PodContext pod)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Regular(spec["containers"], pod, names);
        foreach (var container in spec["initContainers"].Items)
        {
            Init(container, spec["initContainers"], pod, names);
        }

        var others = spec["ephemeralContainers"].Count == 0 ? null : names.ToHashSet();
        foreach (var container in spec["ephemeralContainers"].Items)
        {
            Ephemeral(container, pod, names, others);
        }
    }

    private static void Regular(Field containers, PodContext pod, HashSet<string> names)
    {
        if (!containers.NotEmpty())
        {
            return;
        }

        var hostPorts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var container in containers.Items)
        {
            ContainerChecks.Validate(container, pod);
            if (!names.Add(container["name"].Text))
            {
                container["name"].Duplicate(container["name"].Text);
            }

            ProbeChecks.OfContainer(container, pod.GracePeriod);
            if (container["restartPolicy"].IsSet)
            {
                container["restartPolicy"].Forbidden("may not be set for non-init containers");
            }
        }

        foreach (var container in containers.Items)
        {
            HostPorts(container, hostPorts);
        }
    }

    private static void Init(Field container, Field containers, PodContext pod, HashSet<string> names)
    {
        ContainerChecks.Validate(container, pod);
        container["restartPolicy"].OptionalOneOf("Always");
        if (container["name"].Text is { Length: > 0 } name && !names.Add(name))
        {
            container["name"].Duplicate(name);
        }

        // They run one after another, so only the ports of one and the same container can conflict. Upstream's path is always that of the first.
        HostPorts(containers[0].With(container.Value), new HashSet<string>(StringComparer.Ordinal));
        if (container["restartPolicy"].Text == "Always")
        {
            ProbeChecks.OfContainer(container, pod.GracePeriod);
        }
        else
        {
            container.ForbidAll(ForInit, "lifecycle", "livenessProbe", "readinessProbe", "startupProbe");
        }
    }

    private static void Ephemeral(Field container, PodContext pod, HashSet<string> names, HashSet<string>? others)
    {
        ContainerChecks.Validate(container, pod);
        ContainerChecks.OnlyForPod(container);
        if (!names.Add(container["name"].Text))
        {
            container["name"].Duplicate(container["name"].Text);
        }

        if (container["targetContainerName"].Text is { Length: > 0 } target && others?.Contains(target) != true)
        {
            container["targetContainerName"].NotFound();
        }

        container.ForbidAll(ForEphemeral, NotEphemeral.Where(name => name != "resources" || container[name].Count > 0).ToArray());

        foreach (var mount in container["volumeMounts"].Items)
        {
            mount.ForbidAll(ForEphemeral, "subPath", "subPathExpr");
        }
    }

    private static void HostPorts(Field container, HashSet<string> taken)
    {
        foreach (var port in container["ports"].Items)
        {
            if (port["hostPort"].Number is { } number and not 0)
            {
                var text = $"{port["protocol"].Text}/{port["hostIP"].Text}/{number}";
                if (!taken.Add(text))
                {
                    port["hostPort"].Duplicate(text);
                }
            }
        }
    }
}
