using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Finds a path inside a volume without ever leaving it, whatever links a container has left there.</summary>
internal static class SubPaths
{
    private const int MostLinks = 40;

    /// <summary>The real path; folders that are missing are made.</summary>
    public static string Resolve(string volume, string subPath)
    {
        // Only a variable can have brought these: the server refuses them as they are.
        if (subPath[0] == '/')
        {
            throw Failure($"error SubPath `{subPath}` must not be an absolute path");
        }

        if (subPath.Split('/').Contains(".."))
        {
            throw Failure($"unable to provision SubPath `{subPath}`: must not contain '..'");
        }

        var root = RealPath(volume);
        var current = root;
        var rest = new Stack<string>(subPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (var links = 0; rest.TryPop(out var name);)
        {
            if (name == ".")
            {
                continue;
            }

            var next = name == ".." ? Path.GetDirectoryName(current) ?? "/" : Path.Combine(current, name);
            if (new FileInfo(next).LinkTarget is { } target)
            {
                if (++links > MostLinks)
                {
                    throw Outside(subPath);
                }

                // A link is walked step by step, too. An absolute one is meant for the container's root; here it would start at the node's.
                if (target.StartsWith('/'))
                {
                    throw Outside(subPath);
                }

                foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    rest.Push(part);
                }
            }
            else
            {
                current = next;
            }

            if (!IsInside(root, current))
            {
                throw Outside(subPath);
            }
        }

        if (!Path.Exists(current))
        {
            Directory.CreateDirectory(current);
        }

        return current;
    }

    private static bool IsInside(string root, string path) => path == root || path.StartsWith(root + "/", StringComparison.Ordinal);

    private static string RealPath(string path) =>
        Directory.Exists(path) ? new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : path;

    private static ContainerStartException Outside(string subPath) => Failure($"failed to prepare subPath for volumeMount: subpath \"{subPath}\" not within volume path");

    private static ContainerStartException Failure(string message) => new("CreateContainerConfigError", message);
}
