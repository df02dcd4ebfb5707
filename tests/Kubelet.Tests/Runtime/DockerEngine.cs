using System.Diagnostics;
using System.Globalization;

using MiniKube.Kubelet.Runtime.Docker;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.Runtime;

/// <summary>
/// A Docker Engine of the tests' own, in a network namespace of its own with its own bridge: nothing of the machine's is used or changed. Two images are made
/// from what the machine has: a pause that waits, and busybox.
/// </summary>
public sealed class DockerEngine : IAsyncLifetime
{
    private const string PauseSource = """
        #include <signal.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static void end(int s) { (void)s; _exit(0); }
        static void reap(int s) { (void)s; while (waitpid(-1, 0, WNOHANG) > 0); }
        int main(void)
        {
            signal(SIGINT, end);
            signal(SIGTERM, end);
            signal(SIGCHLD, reap);
            for (;;) pause();
        }
        """;

    // A test may be started twice at once: every engine has its own names.
    private readonly string _name = $"mkt{Environment.ProcessId}{Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture)}";
    private static int _count;
    private Process? _dockerd;

    public string Directory => Path.Combine(Path.GetTempPath(), _name);

    public Uri Endpoint => new($"unix://{Directory}/docker.sock");

    /// <summary>Where its pods' addresses are.</summary>
    public string NetworkNamespace => $"/run/netns/{_name}";

    public async ValueTask InitializeAsync()
    {
        System.IO.Directory.CreateDirectory(Directory);
        await ShellAsync($"""
            ip netns add {_name}
            ip -n {_name} link set lo up
            ip -n {_name} link add cni0 type bridge forward_delay 0
            ip -n {_name} addr add 10.99.7.1/24 dev cni0
            ip -n {_name} link set cni0 up
            """);
        await StartAsync();
        await MakeImagesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ShellAsync($"docker -H {Endpoint.OriginalString} ps -aq | xargs -r docker -H {Endpoint.OriginalString} rm -f >/dev/null");
        await StopAsync("TERM");
        await ShellAsync($"""
            awk -v d="{Directory}/" 'index($2,d)==1 {"{"}print $2{"}"}' /proc/mounts | sort -r | while read -r m; do umount -l "$m"; done
            ip netns del {_name}
            rm -rf "{Directory}"
            for c in /sys/fs/cgroup/*/{_name} /sys/fs/cgroup/{_name}; do [ -d "$c" ] && find "$c" -depth -type d -exec rmdir {"{}"} \; ; done
            true
            """);
    }

    /// <summary>Starts dockerd and waits until it answers.</summary>
    public async Task StartAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory, "daemon.json"), "{}", CancellationToken.None);
        _dockerd = Process.Start(new ProcessStartInfo("nsenter", [
            $"--net=/run/netns/{_name}", "dockerd",
            "--data-root", $"{Directory}/data", "--exec-root", $"{Directory}/exec", "--pidfile", $"{Directory}/docker.pid", "--config-file", $"{Directory}/daemon.json",
            "-H", Endpoint.OriginalString, "--group", "root", "--bridge", "cni0", "--fixed-cidr", "10.99.7.0/24", "--iptables=false", "--ip6tables=false",
            "--ip-masq=false", "--ip-forward=false", "--userland-proxy=false", "--cgroup-parent", $"/{_name}", "--exec-opt", "native.cgroupdriver=cgroupfs",
            "--live-restore=true", "--shutdown-timeout", "1", "--log-level", "error",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true });
        _dockerd!.BeginErrorReadLine();
        _dockerd.BeginOutputReadLine();
        using var connection = new DockerConnection(Endpoint, new DockerLimits());
        var runtime = new DockerRuntime(connection, "pause:3.9", new DockerParameters(0), TimeProvider.System);
        await Eventually.GetAsync(_ => AnswersAsync(runtime), answers => answers, TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    /// <summary>Sends dockerd a signal that does not end it.</summary>
    public Task SignalAsync(string signal) => ShellAsync($"kill -{signal} {_dockerd?.Id}");

    /// <summary>Ends dockerd with a signal; its containers run on.</summary>
    public async Task StopAsync(string signal)
    {
        if (_dockerd is { HasExited: false })
        {
            await ShellAsync($"kill -{signal} {_dockerd.Id}");
            await _dockerd.WaitForExitAsync(CancellationToken.None);
        }

        // The shims outlive it, and a dockerd that starts again finds them. What it wrote of its own and its containerd's process ids would keep it from
        // starting as long as nobody has collected their remains.
        File.Delete(Path.Combine(Directory, "docker.pid"));
        File.Delete(Path.Combine(Directory, "exec", "containerd", "containerd.pid"));
        _dockerd?.Dispose();
        _dockerd = null;
    }

    /// <summary>Runs a docker command of this engine.</summary>
    public Task<string> DockerAsync(string arguments) => ShellAsync($"docker -H {Endpoint.OriginalString} {arguments}");

    public static async Task<string> ShellAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", "set -e\n" + script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"exit code {process.ExitCode}\n{script}\n{output}{await error}");
    }

    private static async Task<bool> AnswersAsync(DockerRuntime runtime)
    {
        try
        {
            await runtime.GetVersionAsync(CancellationToken.None);
            return true;
        }
        catch (Kubelet.Runtime.ContainerRuntimeException)
        {
            return false;
        }
    }

    private async Task MakeImagesAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory, "pause.c"), PauseSource, CancellationToken.None);
        await ShellAsync($"""
            cd {Directory}
            mkdir -p p b/bin b/etc b/tmp b/www
            gcc -Os -static -s -o p/pause pause.c
            tar -C p --owner=0 --group=0 -cf - pause | docker -H {Endpoint.OriginalString} import -c 'ENTRYPOINT ["/pause"]' - pause:3.9 >/dev/null
            cp "$(command -v busybox)" b/bin/busybox
            for a in $(b/bin/busybox --list | grep -vx busybox); do ln -sf busybox b/bin/$a; done
            chmod 1777 b/tmp
            echo 'root:x:0:0:root:/root:/bin/sh' >b/etc/passwd
            echo ok >b/www/healthz
            tar -C b --owner=0 --group=0 -cf - . | docker -H {Endpoint.OriginalString} import -c 'CMD ["sh"]' -c 'ENV PATH=/bin' - busybox:1 >/dev/null
            """);
    }
}
