using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Pods;

public class SysctlsTests
{
    [Theory]
    [InlineData("net.ipv4.tcp_syncookies", "", null)]
    [InlineData("net/ipv4/tcp_syncookies", "", null)]
    [InlineData("kernel.msgmax", "", "forbidden sysctl: \"kernel.msgmax\" not allowlisted")]
    [InlineData("kernel.msgmax", "kernel.msg*", null)]
    [InlineData("net.core.somaxconn", "net.core.somaxconn", null)]
    [InlineData("net.ipv4.tcp_syncookies", "hostNetwork", "forbidden sysctl: \"net.ipv4.tcp_syncookies\" not allowed with host net enabled")]
    [InlineData("kernel.shm_rmid_forced", "hostIPC", "forbidden sysctl: \"kernel.shm_rmid_forced\" not allowed with host ipc enabled")]
    public void Sysctl_ThatOthersWouldNotice_IsForbidden(string name, string allowed, string? message)
    {
        var shared = allowed.StartsWith("host", StringComparison.Ordinal) ? $"{allowed}: true, " : "";
        var pod = TestPods.Pod($"{{{shared}securityContext: {{sysctls: [{{name: {name}, value: '1'}}]}}, containers: [{{name: app}}]}}");

        Assert.Equal(message, Sysctls.Forbidden(pod, [allowed]));
    }

    [Theory]
    [InlineData("net.ipv4.conf.eth0/1.arp", "net.ipv4.conf.eth0/1.arp")]
    [InlineData("net/ipv4/conf/eth0.1/arp", "net.ipv4.conf.eth0/1.arp")]
    public void Name_WrittenAsAPath_IsTheSame(string written, string normal) => Assert.Equal(normal, Sysctls.Normalize(written));
}
