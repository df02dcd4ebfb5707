using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Runtime.Docker;

namespace MiniKube.Kubelet.Tests.Runtime;

/// <summary>What not every machine that tests can do is at least asked for.</summary>
public class DockerParametersTests
{
    private static readonly SandboxConfig Pod = new("uid", "default", "web", 0) { RuntimeHandler = "runsc" };

    [Fact]
    public void Security_OfAContainer_IsWhatTheEngineIsAskedFor()
    {
        var container = new ContainerConfig(Pod, "app", 0, "busybox:1", "id")
        {
            Security = new ContainerSecurity
            {
                Privileged = true,
                NoNewPrivileges = true,
                SeccompProfile = """{"defaultAction":"SCMP_ACT_ALLOW"}""",
                AppArmorProfile = "k8s-web",
                SeLinuxLabels = ["type:container_t", "level:s0:c1,c2"],
            },
        };

        var host = new DockerParameters(0).Of(container, "sandbox").HostConfig!;

        Assert.True(host.Privileged);
        Assert.Equal("runsc", host.Runtime);
        Assert.Equal(
            ["seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "apparmor=k8s-web", "label=type:container_t", "label=level:s0:c1,c2", "no-new-privileges"],
            host.SecurityOpt);
        Assert.Equal("runsc", new DockerParameters(0).Of(Pod, "pause").HostConfig?.Runtime);
    }

    [Theory]
    [InlineData("unconfined", "seccomp=unconfined")]
    [InlineData("", null)]
    public void Seccomp_OfTheRuntime_IsNotNamed(string profile, string? option)
    {
        var container = new ContainerConfig(Pod, "app", 0, "busybox:1", "id") { Security = new ContainerSecurity { SeccompProfile = profile } };

        var options = new DockerParameters(0).Of(container, "sandbox").HostConfig!.SecurityOpt;

        Assert.Equal(option is null ? [] : [option], options);
    }
}
