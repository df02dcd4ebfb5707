using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Checks, or makes, a path of the node that a pod wants to see.</summary>
internal static class HostPaths
{
    public static void Prepare(string volume, string path, string type)
    {
        var found = FileTypes.Of(path);
        switch (type)
        {
            // No type, no check; what is missing is made, since the engine mounts only what is there.
            case "" or "DirectoryOrCreate" when found == FileType.None:
                Directory.CreateDirectory(path);
                return;
            case "":
                return;
            case "FileOrCreate" when found == FileType.None:
                File.WriteAllBytes(path, []);
                return;
        }

        var (wanted, noun) = type switch
        {
            "Directory" or "DirectoryOrCreate" => (FileType.Directory, "directory"),
            "File" or "FileOrCreate" => (FileType.File, "file"),
            "Socket" => (FileType.Socket, "socket file"),
            "CharDevice" => (FileType.CharacterDevice, "character device"),
            _ => (FileType.BlockDevice, "block device"),
        };
        if (found != wanted)
        {
            throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume}\" : hostPath type check failed: {path} is not a {noun}");
        }
    }
}
