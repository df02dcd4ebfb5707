using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MiniKube.Kubelet.Node;

/// <summary>Reads the facts of the machine that this process runs on.</summary>
internal static class MachineFacts
{
    public static NodeFacts Read(string rootDirectory) => new()
    {
        Cpus = Environment.ProcessorCount,
        Memory = ReadMemory(),
        EphemeralStorage = StorageOf(rootDirectory),
        LowestOomScore = ReadLowestOomScore(),
        HasAppArmor = FirstOf("/sys/module/apparmor/parameters/enabled") == "Y",
        MachineId = FirstOf("/etc/machine-id", "/var/lib/dbus/machine-id"),
        SystemUuid = FirstOf("/sys/class/dmi/id/product_uuid", "/etc/machine-id"),
        BootId = FirstOf("/proc/sys/kernel/random/boot_id"),
        KernelVersion = FirstOf("/proc/sys/kernel/osrelease"),
        OsImage = ReadOsImage(),
        Architecture = Architecture,
    };

    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        System.Runtime.InteropServices.Architecture.S390x => "s390x",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        _ => "amd64",
    };

    /// <summary>The address of the interface with the default route if there is one, else the first that is not loopback.</summary>
    public static string FindAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(device => device.OperationalStatus == OperationalStatus.Up && device.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .OrderByDescending(device => device.GetIPProperties().GatewayAddresses.Count)
        .SelectMany(device => device.GetIPProperties().UnicastAddresses)
        .Select(address => address.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)?.ToString() ?? "127.0.0.1";

    // Only with CAP_SYS_RESOURCE may a process be better protected than its parent; a container that asks for it otherwise does not start.
    private static int ReadLowestOomScore()
    {
        const int SystemResource = 24;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(candidate => candidate.StartsWith("CapEff:", StringComparison.Ordinal));
        var mask = ulong.TryParse(line?["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) ? bits : 0;
        return (mask & (1UL << SystemResource)) != 0 ? -1000
            : int.TryParse(FirstOf("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture, out var own) ? own : 0;
    }

    private static long ReadMemory()
    {
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(candidate => candidate.StartsWith("MemTotal:", StringComparison.Ordinal));
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var kibibytes, ..] && long.TryParse(kibibytes, CultureInfo.InvariantCulture, out var number) ? number * 1024 : 0;
    }

    private static long StorageOf(string directory)
    {
        // The folder may not be there yet: the file system of the nearest one above that is.
        while (!Directory.Exists(directory) && Path.GetDirectoryName(directory) is { Length: > 0 } parent)
        {
            directory = parent;
        }

        return new DriveInfo(directory).TotalSize;
    }

    private static string ReadOsImage()
    {
        const string Release = "/etc/os-release";
        var line = File.Exists(Release)
            ? File.ReadLines(Release).FirstOrDefault(candidate => candidate.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))
            : null;
        return line?["PRETTY_NAME=".Length..].Trim('"') ?? "Linux";
    }

    private static string FirstOf(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text)
                {
                    return text;
                }
            }
            catch (UnauthorizedAccessException)
            {
                // Not every host lets everyone read its serial numbers; the next place will do.
            }
        }

        return "";
    }
}
