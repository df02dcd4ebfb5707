namespace MiniKube.Kubelet.Volumes;

/// <summary>What stands at a path: the type bits of st_mode.</summary>
internal enum FileType
{
    None = 0,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    File = 0x8000,
    Socket = 0xC000,
}
