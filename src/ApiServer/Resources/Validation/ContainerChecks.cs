using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What all containers of a pod have in common (upstream's validateContainerCommon).</summary>
internal static class ContainerChecks
{
    public static void Validate(Field container, PodContext pod)
    {
        container["name"].RequiredName(Names.DnsLabel);
        container["image"].NotEmpty();
        container["terminationMessagePolicy"].OneOf("File", "FallbackToLogsOnError");
        Ports(container["ports"]);
        EnvironmentChecks.Variables(container["env"]);
        EnvironmentChecks.Sources(container["envFrom"]);
        MountChecks.Mounts(container, pod.Volumes);
        MountChecks.Devices(container, pod.Volumes);
        container["imagePullPolicy"].OneOf("Always", "IfNotPresent", "Never");
        ResourceChecks.OfContainer(container["resources"], pod.Claims);
        ResizePolicy(container["resizePolicy"], pod.RestartPolicy);
        SecurityContextChecks.OfContainer(container["securityContext"], pod.HostUsers);
    }

    /// <summary>What templates have always been allowed.</summary>
    public static void OnlyForPod(Field container)
    {
        if (container["image"].Text.Trim().Length != container["image"].Text.Length)
        {
            container["image"].Invalid("must not have leading or trailing whitespace");
        }
    }

    private static void Ports(Field ports)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in ports.Items)
        {
            var (name, faults) = (port["name"], port.Faults);
            name.OptionalName(Names.PortName);
            if (name.Text.Length > 0 && port.Faults == faults && !names.Add(name.Text))
            {
                name.Duplicate(name.Text);
            }

            if (port["containerPort"].Number is null or 0)
            {
                port["containerPort"].Required();
            }

            port["containerPort"].Between(port["containerPort"].Number == 0 ? 0 : 1, 65535);
            port["hostPort"].Between(port["hostPort"].Number == 0 ? 0 : 1, 65535);
            port["protocol"].OneOf("SCTP", "TCP", "UDP");
        }
    }

    private static void ResizePolicy(Field policies, string podRestartPolicy)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var policy in policies.Items)
        {
            var (resource, restart) = (policy["resourceName"].Value, policy["restartPolicy"].Value);
            if (!seen.Add(policy["resourceName"].Text))
            {
                policy.Duplicate(policy["resourceName"].Text);
            }

            // Upstream's paths end at the list.
            policies.With(resource).OneOf("cpu", "memory");
            policies.With(restart).OneOf("NotRequired", "RestartContainer");
            if (podRestartPolicy == "Never" && policy["restartPolicy"].Text != "NotRequired")
            {
                policies.With(restart).Invalid("must be 'NotRequired' when `restartPolicy` is 'Never'");
            }
        }
    }
}
